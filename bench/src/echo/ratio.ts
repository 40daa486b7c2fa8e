import { median, quantileSorted } from 'simple-statistics';

/** Ratios of one side to another, each taken within one round of alternating measurements. */
export interface Ratio {
  median: number;
  /** Quartiles: half of the rounds lie between. */
  low: number;
  high: number;
}

/** @throws Error unless both sides have the same rounds, at least one. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Ratio {
  if (ours.length === 0 || ours.length !== theirs.length) {
    throw new Error(`${ours.length} rounds of one side and ${theirs.length} of the other`);
  }
  const sorted = ours
    .map((value, round) => value / (theirs[round] as number))
    .sort((a, b) => a - b);
  return {
    median: median(sorted),
    low: quantileSorted(sorted, 0.25),
    high: quantileSorted(sorted, 0.75),
  };
}

/** "1.31 x (1.24 to 1.36)" */
export function ratioText({ median, low, high }: Ratio): string {
  return `${median.toFixed(2)} x (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
