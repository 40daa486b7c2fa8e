import type { Role } from '@oversoak/contracts';

/** A slot that an agent holds for a run. */
export interface HeldSlot {
  agentId: string;
  runId: string;
  role: Role;
}
