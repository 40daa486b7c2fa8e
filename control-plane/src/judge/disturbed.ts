import { emptyHistogram, LATENCY_RANGE_NS } from '@oversoak/contracts';
import type { Histogram } from './figures.ts';

/** A histogram of `count` echoes with one latency in nanoseconds. */
export function allOf(count: number, ns: number): Histogram {
  const histogram = emptyHistogram();
  if (count === 0) return histogram;
  const within = Math.min(LATENCY_RANGE_NS.most, Math.max(LATENCY_RANGE_NS.least, Math.round(ns)));
  histogram.recordValueWithCount(within, count);
  return histogram;
}

/**
 * Messages that are not in a latency, because their fleet stood still while they were in flight or
 * before they were sent, with the least and with the most that each can have taken.
 */
export interface Disturbed {
  least: Histogram;
  most: Histogram;
}

/** So many of which only the longest is known. */
export const disturbedUpTo = (count: number, longestNs: number): Disturbed => ({
  least: allOf(count, 0),
  most: allOf(count, longestNs),
});
