import type { Role } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { ALLOCATIONS_KEY } from './names.ts';
import { fieldOf } from './stream-entry.ts';

/** The log is trimmed to about this many entries. */
export const ALLOCATIONS_KEPT = 100_000;

export interface TakenSlot {
  agentId: string;
  role: Role;
  /** Total slots of the agent. */
  of: number;
}

/** An entry of the log; the script that takes or frees slots writes it in the same step. */
export type AllocationEvent =
  | { kind: 'allocated'; runId: string; epoch: number; slots: TakenSlot[] }
  | { kind: 'freed'; runId: string; slots: Omit<TakenSlot, 'of'>[] };

/** The log of allocations, oldest first. */
export async function allocationLog(redis: Pick<Redis, 'xrange'>): Promise<AllocationEvent[]> {
  const entries = await redis.xrange(ALLOCATIONS_KEY, '-', '+');
  return entries.map(([, fields]) => JSON.parse(fieldOf(fields, 'event')) as AllocationEvent);
}
