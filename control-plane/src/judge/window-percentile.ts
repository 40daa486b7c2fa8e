import { type Check, countWhere, holds, type Threshold } from '@oversoak/contracts';
import type { Histogram } from './figures.ts';
import { isLessThan, isMoreThan } from './share.ts';

/** Probability that a server that is always exactly at its limit misses any window. */
export const MISSED_LEVEL = 0.01;
/** Probability that a window is reported to hold although its true percentile does not. */
const HELD_LEVEL = 0.05;
const NS_PER_US = 1000;

export interface WindowPercentile {
  outcome: Check['outcome'];
  /** Echoes above the limit; for `<`, also those at the limit. */
  above: number;
}

/**
 * Pure: compares a percentile of one of `windows` windows with its limit. A p99 below a limit means
 * that less than 1 % of echoes are above it; the echoes of a window are a sample that estimates
 * this share. A miss in any window fails the run, so the level of a miss is divided among the
 * windows (Bonferroni). The level of a hold applies to each window.
 */
export function findPercentileInWindow(
  threshold: Pick<Threshold, 'operator' | 'limit'>,
  percent: number,
  latency: Histogram,
  windows: number,
): WindowPercentile {
  const { operator } = threshold;
  const rising = operator === '>' || operator === '>=';
  const satisfying = countWhere(latency, (ns) => holds(threshold, ns / NS_PER_US));
  const total = latency.totalCount;
  const above = rising ? satisfying : total - satisfying;
  const share = 1 - percent / 100;
  const missedLevel = MISSED_LEVEL / windows;
  const [more, less] = rising ? [HELD_LEVEL, missedLevel] : [missedLevel, HELD_LEVEL];
  if (isMoreThan(share, above, total, more)) return { outcome: rising ? 'held' : 'missed', above };
  if (isLessThan(share, above, total, less)) return { outcome: rising ? 'missed' : 'held', above };
  return { outcome: 'unknown', above };
}

/** With fewer echoes, a window cannot be shown to hold, even if none is above the limit. */
export function minEchoesToHold(percent: number): number {
  return Math.ceil(Math.log(HELD_LEVEL) / Math.log(percent / 100));
}
