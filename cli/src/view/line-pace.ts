/** Minimum intervals between lines by seconds since the first line: 160 lines in eight hours. */
const PACES = [
  { fromSeconds: 0, everySeconds: 5 },
  { fromSeconds: 300, everySeconds: 60 },
  { fromSeconds: 3600, everySeconds: 600 },
] as const;

/** Pure: whether a line is due that only reports progress. */
export function lineIsDue({ firstMs, lastMs, nowMs }: LineTimes, minSeconds = 0): boolean {
  const sinceFirstSeconds = (nowMs - firstMs) / 1_000;
  const pace = PACES.findLast(({ fromSeconds }) => sinceFirstSeconds >= fromSeconds) ?? PACES[0];
  return nowMs - lastMs >= Math.max(pace.everySeconds, minSeconds) * 1_000;
}

export interface LineTimes {
  /** Times of the first and the latest line about the same subject. */
  firstMs: number;
  lastMs: number;
  nowMs: number;
}
