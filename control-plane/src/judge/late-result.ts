import type { Report, RunResult } from '@oversoak/contracts';

type Finished = Extract<Report, { kind: 'finished' }>;

/**
 * Adds a result that arrived after the verdict; null: the document already has a result of this
 * member. The judged part does not change.
 */
export function withLate(
  document: RunResult,
  { agentId, role, result }: Finished,
  atMs: number,
): RunResult | null {
  const inTime = role === 'server' ? document.server !== null : agentId in document.fleets;
  const known = document.late.some((late) => late.agentId === agentId && late.result.role === role);
  if (inTime || known || result.role !== role) return null;
  return { ...document, late: [...document.late, { agentId, atMs: Math.floor(atMs), result }] };
}
