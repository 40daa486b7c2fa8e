import type { Report } from '@oversoak/contracts';

/** Deterministic: the same report always has the same id, so a second delivery changes nothing. */
export function reportId({ runId, epoch, agentId, role, kind }: Report): string {
  return `${runId}-${epoch}-${agentId}-${role}-${kind}`;
}
