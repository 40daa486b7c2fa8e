import { systemOf } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import type { Allocation } from '../model/allocation.ts';
import type { Member } from '../model/run-record.ts';
import { ALLOCATIONS_KEPT } from '../store/allocations.ts';
import { AGENT_PREFIX, ALLOCATIONS_KEY, DRAINING_KEY, runKey, soakKey } from '../store/names.ts';
import { script } from '../store/script.ts';
import type { Choice } from './gang.ts';

export type Allocated =
  | Allocation
  /** A slot has been taken since, or its agent is gone or draining. */
  | 'refused'
  /** The run does not wait for a gang. */
  | 'stale';

const allocateGang = script<
  Record<'run' | 'soak' | 'draining' | 'log', string>,
  {
    runId: string;
    gang: (Member & { slots: number })[];
    agentPrefix: string;
    logLength: number;
  },
  string
>(import.meta.url, 'allocate.lua');

export class Allocator {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** All slots of the chosen gang or none. */
  async allocate(runId: string, soakId: string, gang: readonly Choice[]): Promise<Allocated> {
    const wanted = gang.map(({ agent: { registration }, role }) => {
      const { agentId, incarnation, slots, advertisedHost: host, environment } = registration;
      return { agentId, role, incarnation, host, system: systemOf(environment), slots };
    });
    const keys = {
      run: runKey(runId),
      soak: soakKey(soakId),
      draining: DRAINING_KEY,
      log: ALLOCATIONS_KEY,
    };
    const answer = await allocateGang(this.#redis, keys, {
      runId,
      gang: wanted,
      agentPrefix: AGENT_PREFIX,
      logLength: ALLOCATIONS_KEPT,
    });
    if (answer === '') return 'refused';
    return answer === 'stale' ? 'stale' : (JSON.parse(answer) as Allocation);
  }
}
