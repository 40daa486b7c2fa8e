import type { Role } from './run-record.ts';

/** A slot that an agent holds for a run. */
export interface HeldSlot {
  agentId: string;
  runId: string;
  role: Role;
}
