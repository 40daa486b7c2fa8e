import type { Member } from '../run/record.ts';
import type { Agent } from '../store/agents.ts';
import { AGENT_PREFIX, runKey } from '../store/names.ts';
import type { Store } from '../store/redis.ts';
import type { Candidates } from './placement.ts';

/** The slots that a run holds, and the number that fences every message about it. */
export interface Allocation {
  epoch: number;
  gang: Member[];
}

const lean = ({ registration: { agentId, incarnation, slots } }: Agent) => ({
  agentId,
  incarnation,
  slots,
});

export class Allocator {
  readonly #redis: Store;

  constructor(redis: Store) {
    this.#redis = redis;
  }

  /** All slots or none; null when there is no room or the run does not wait for a gang. */
  async allocate(
    runId: string,
    fleetAgents: number,
    { server, fleet }: Candidates,
  ): Promise<Allocation | null> {
    const answer = await this.#redis.allocateGang(
      runKey(runId),
      runId,
      fleetAgents,
      JSON.stringify({
        ...(server === null ? {} : { server: server.map(lean) }),
        fleet: fleet.map(lean),
      }),
      AGENT_PREFIX,
    );
    return answer === '' || answer === 'stale' ? null : (JSON.parse(answer) as Allocation);
  }
}
