import type { RunState, Verdict } from '@oversoak/contracts';

/** Wine is marked, as its figures are not those of Windows. */
export const platformClass = (label: string): string =>
  label.startsWith('Wine') ? 'platform' : 'note';

/** A verdict in its colour, and always in words. */
export function VerdictBadge({ verdict, state }: { verdict: Verdict | null; state?: string }) {
  const word = verdict ?? state ?? 'not done';
  return <span class={`badge ${verdict ?? 'open'}`}>{word}</span>;
}

const MARKS: Record<Verdict, string> = {
  passed: '✓',
  failed: '✗',
  inconclusive: '?',
  cancelled: '–',
};

/** A verdict as one sign, for grids and strips; the caller shows the word beside it. */
export function verdictMark(verdict: Verdict | null, state: RunState | null): string {
  if (verdict !== null) return MARKS[verdict];
  if (state === null || state === 'queued') return '·';
  return '▸';
}
