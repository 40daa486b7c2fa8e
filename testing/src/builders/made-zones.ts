import type { ServerFigures } from '@oversoak/contracts';

/** Zones of fifty in which each of `broadcasts` messages went to all members. */
export function serverZones(
  broadcasts: number,
  changes: Partial<NonNullable<ServerFigures['zones']>> = {},
): NonNullable<ServerFigures['zones']> {
  return {
    ...{ joins: 100, leaves: 0, live: 100, broadcasts, mailed: 2 * broadcasts },
    ...{ ticks: 0, ticksSkipped: 0 },
    ...{ copies: 50 * broadcasts, dropped: 0, replaced: 0, closed: 0 },
    ...{ backlogMaxBytes: 8192, payloads: 12, ...changes },
  };
}
