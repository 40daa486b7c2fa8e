import {
  type Check,
  type Drift,
  ERRORS_TOTAL,
  type ErrorClass,
  emptyHistogram,
  holds,
  LATENCY_RANGE_NS,
  type Threshold,
} from '@oversoak/contracts';
import { MIN_CYCLES } from './cycles.ts';
import { isBelow, MIN_MINUTES, MIN_WINDOWS, risesAbove, SHORT_LIMITS } from './drift.ts';
import type { Histogram } from './figures.ts';
import { MIN_ECHOES, PERCENTILES, percentileUs } from './latency.ts';
import {
  achievedPercent,
  MIN_MESSAGES,
  type Rated,
  sentInTime,
  unsentText,
  wantedOf,
} from './load.ts';
import { isMoreThan } from './share.ts';
import { countText, cyclesText, driftText, durationText, percentText } from './text.ts';
import { findPercentileInWindow, MISSED_LEVEL } from './window-percentile.ts';

/** One comparison of a threshold with a measured value. */
export interface Finding {
  outcome: Check['outcome'];
  /** In the threshold's unit; null: no value. */
  value: number | null;
  text: string;
  why: string;
}

export const known = (threshold: Threshold, value: number, text: string): Finding => ({
  outcome: holds(threshold, value) ? 'held' : 'missed',
  value,
  text,
  why: '',
});
const unknown = (text: string, why: string, value: number | null = null): Finding => ({
  outcome: 'unknown',
  value,
  text,
  why,
});

/** Pure: a count of errors against its limit. */
export function findErrors(
  threshold: Threshold,
  errors: Readonly<Partial<Record<ErrorClass, number>>>,
): Finding {
  const count = errorCount(threshold.metric, errors);
  return known(threshold, count, countText(count));
}

export function errorCount(
  metric: string,
  errors: Readonly<Partial<Record<ErrorClass, number>>>,
): number {
  if (metric === ERRORS_TOTAL) return Object.values(errors).reduce((sum, count) => sum + count, 0);
  const count = errors[metric.slice('errors.'.length) as ErrorClass];
  if (count === undefined) throw new Error(`no figure for the metric "${metric}"`);
  return count;
}

/**
 * Pure: the achieved rate against its limit, over the whole or in one of `windows` windows. Of fewer
 * than a hundred messages one is more than a percent: there only so many as chance does not explain
 * are a miss, and nothing is held.
 */
export function findRate(threshold: Threshold, load: Rated, windows = 1): Finding {
  const percent = achievedPercent(load);
  const wanted = wantedOf(load);
  const causes = unsentText(load);
  const text = `${percentText(percent)}${causes === '' ? '' : ` of ${countText(wanted)} due: ${causes}`}`;
  if (wanted >= MIN_MESSAGES) return known(threshold, percent, text);
  const { operator, limit } = threshold;
  const missing = wanted - sentInTime(load);
  const beyondChance = isMoreThan(1 - limit / 100, missing, wanted, MISSED_LEVEL / windows);
  if (beyondChance && (operator === '>=' || operator === '>'))
    return known(threshold, percent, text);
  return unknown(text, `it needs ${MIN_MESSAGES} messages due, there were ${countText(wanted)}`);
}

/** A histogram of `count` echoes with one latency in nanoseconds. */
export function allOf(count: number, ns: number): Histogram {
  const histogram = emptyHistogram();
  if (count === 0) return histogram;
  const within = Math.min(LATENCY_RANGE_NS.most, Math.max(LATENCY_RANGE_NS.least, Math.round(ns)));
  histogram.recordValueWithCount(within, count);
  return histogram;
}

/**
 * Pure: a latency against its limit, over the whole or in one of `windows` windows. `disturbed` are
 * messages that are not in `latency`, because the fleet stood still while they were in flight, each
 * with the longest that it can have taken. If the outcome differs between no time at all and that,
 * it is unknown.
 */
export function findLatency(
  threshold: Threshold,
  latency: Histogram,
  disturbed: Histogram,
  windows: number | null = null,
): Finding {
  const finding = findKnownLatency(threshold, latency, windows);
  const { totalCount: count, maxValue } = disturbed;
  if (count === 0 || finding.outcome === 'unknown') return finding;
  const bounds = [allOf(count, 0), disturbed].map(
    (taken) => findKnownLatency(threshold, mergedWith(latency, taken), windows).outcome,
  );
  if (bounds.every((outcome) => outcome === finding.outcome)) return finding;
  const why =
    `the fleet stood still while ${countText(count)} messages were in flight, whose latency is ` +
    `only known to be at most ${durationText(maxValue / 1000)}: that leaves both open`;
  return unknown(finding.text, why, finding.value);
}

function mergedWith(latency: Histogram, more: Histogram): Histogram {
  const merged = emptyHistogram();
  merged.add(latency);
  merged.add(more);
  return merged;
}

function findKnownLatency(
  threshold: Threshold,
  latency: Histogram,
  windows: number | null,
): Finding {
  const percent = PERCENTILES[threshold.metric];
  if (percent === undefined) throw new Error(`no figure for the metric "${threshold.metric}"`);
  const needed = MIN_ECHOES[threshold.metric as keyof typeof MIN_ECHOES];
  const { totalCount } = latency;
  if (totalCount < needed) {
    const text = `not known (${countText(totalCount)} echoes)`;
    return unknown(text, `${countText(totalCount)} echoes came back, it needs ${needed}`);
  }
  const value = percentileUs(latency, percent);
  const text = durationText(value);
  const exact = windows === null || percent === 100 || threshold.operator === '==';
  if (exact) return known(threshold, value, text);
  const { outcome, above } = findPercentileInWindow(threshold, percent, latency, windows);
  const counts = `${countText(above)} of ${countText(totalCount)} echoes were above the limit`;
  const why = outcome === 'unknown' ? `${counts}, which leaves both open` : '';
  return { outcome, value, text, why };
}

/**
 * Pure: compares a drift with its limit. It misses if a rise above the limit is significant and has
 * the shape of a leak; it holds if the interval ends below the limit.
 */
export function findDrift(threshold: Threshold, drift: Drift): Finding {
  const text = driftText(drift);
  const { slope, windows } = drift;
  if (slope === null) {
    if (windows === 0)
      return unknown(text, 'the platform has no such figure, or no window was whole');
    const few = `${windows} windows were measured, a trend needs ${MIN_WINDOWS}`;
    const echoes = drift.metric === 'p99' ? ' with 100 echoes each' : '';
    return unknown(text, `${few}${echoes}: measure longer`);
  }
  if (isBelow(drift, threshold.limit)) return { outcome: 'held', value: slope, text, why: '' };
  if (!risesAbove(drift, threshold.limit)) {
    return unknown(
      text,
      `it is ${text}, ${whyOpen(drift, threshold.limit)}: measure longer`,
      slope,
    );
  }
  return { outcome: 'missed', value: slope, text, why: '' };
}

/** Why a drift that is not below its limit is not a miss either. */
function whyOpen({ low, rise, cycles }: Drift, limit: number): string {
  if (rise === 'few-cycles') {
    return `but over ${cyclesText(cycles)}, and ${MIN_CYCLES} tell a rise from a cycle`;
  }
  if (low !== null && low <= limit) return 'which leaves both open';
  if (rise === 'none') return 'but it does not rise throughout as a leak does';
  if (rise === 'bent') return 'but perhaps with a bend, as what fills or cycles slowly has';
  if (low === null) return 'which leaves both open';
  const few = `under ${MIN_MINUTES} minutes a rise must be ${SHORT_LIMITS} times the limit`;
  return `but ${few}, or it may be the flank of a slow cycle`;
}
