import type { emptyHistogram, Load } from '@oversoak/contracts';
import { sum } from './pooled.ts';
import { countText } from './text.ts';

/**
 * Messages that may have waited at the server behind what another fleet sent at once after it had
 * stood still. A fleet knows only its own as disturbed; the share of those is that of the time.
 */
export function behindOthers(byFleet: readonly Pick<Load, 'due' | 'disturbed'>[]): number {
  const all = sum(byFleet.map(({ due }) => due));
  const behind = byFleet.map(({ due, disturbed }) =>
    due === 0 ? 0 : (disturbed / due) * (all - due),
  );
  return Math.min(all, Math.ceil(sum(behind)));
}

/** For how long at most: a fleet sends as late as it stood still, and twice as much in a row. */
export const burstNs = ({ maxValue }: ReturnType<typeof emptyHistogram>): number => 2 * maxValue;

/** "... behind which 50 messages of the others may have waited" */
export function behindOthersText(count: number, things: string): string {
  return (
    'a fleet stood still and then sent at once what was due, behind which ' +
    `${countText(count)} ${things} of the others may have waited`
  );
}
