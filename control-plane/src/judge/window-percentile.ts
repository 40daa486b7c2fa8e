import { type Check, countWhere, holds, type Threshold } from '@oversoak/contracts';
import type { Histogram } from './figures.ts';
import { isLessThan, isMoreThan } from './share.ts';

/** The chance that a server whose percentile is at its limit all the time misses any window. */
const MISSED_LEVEL = 0.01;
/** The chance that a window is said to hold whose percentile does not. */
const HELD_LEVEL = 0.05;
const NS_PER_US = 1000;

export interface WindowPercentile {
  outcome: Check['outcome'];
  /** Echoes that were not below the limit (of `<`), or above it. */
  above: number;
}

/**
 * Pure: a percentile of one window of so many against its limit. The echoes of a window are a sample:
 * a p99 below a limit means that less than 1 % of echoes are above it, and of how many that is so in
 * the window says it with an uncertainty. A miss in any window fails a run, so that its level is
 * shared among the windows (Bonferroni); what holds is said window by window.
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

/** Fewer echoes cannot show that a window holds, though none is above the limit. */
export function leastEchoesToHold(percent: number): number {
  return Math.ceil(Math.log(HELD_LEVEL) / Math.log(percent / 100));
}
