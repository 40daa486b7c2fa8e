import type { Member } from '../run/record.ts';
import { ALLOCATIONS_KEPT } from '../store/allocations.ts';
import { AGENT_PREFIX, ALLOCATIONS_KEY, DRAINING_KEY, runKey, soakKey } from '../store/names.ts';
import type { Store } from '../store/redis.ts';
import type { Choice } from './gang.ts';

/** The slots that a run holds, and the number that fences every message about it. */
export interface Allocation {
  epoch: number;
  gang: Member[];
}

export type Allocated =
  | Allocation
  /** A slot was taken meanwhile, or its agent is gone or draining. */
  | 'refused'
  /** The run does not wait for a gang. */
  | 'stale';

export class Allocator {
  readonly #redis: Store;

  constructor(redis: Store) {
    this.#redis = redis;
  }

  /** All slots of the chosen gang or none. */
  async allocate(runId: string, soakId: string, gang: readonly Choice[]): Promise<Allocated> {
    const wanted = gang.map(({ agent: { registration }, role }) => {
      const { agentId, incarnation, slots } = registration;
      return { agentId, role, incarnation, slots };
    });
    const answer = await this.#redis.allocateGang(
      runKey(runId),
      soakKey(soakId),
      DRAINING_KEY,
      ALLOCATIONS_KEY,
      runId,
      JSON.stringify(wanted),
      AGENT_PREFIX,
      ALLOCATIONS_KEPT,
    );
    if (answer === '') return 'refused';
    return answer === 'stale' ? 'stale' : (JSON.parse(answer) as Allocation);
  }
}
