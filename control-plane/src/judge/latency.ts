import { holds, type Threshold } from '@oversoak/contracts';
import type { Histogram } from './figures.ts';

const NS_PER_US = 1000;

/** What each latency metric reads, in percent. */
export const PERCENTILES: Readonly<Record<string, number>> = {
  'echo.latency.p50': 50,
  'echo.latency.p90': 90,
  'echo.latency.p99': 99,
  'echo.latency.p999': 99.9,
  'echo.latency.max': 100,
};

/** With fewer echoes the percentile is the slowest echo, or none that was measured. */
export const LEAST_ECHOES = {
  'echo.latency.p50': 2,
  'echo.latency.p90': 10,
  'echo.latency.p99': 100,
  'echo.latency.p999': 1000,
  'echo.latency.max': 1,
} as const;

/** What a fleet may be late by without counting it: contracts' `late` begins behind it. */
const UNCOUNTED_LATE_US = 10_000;

/** What a fleet did late by itself, which latency from the intended time has in it. */
export interface Lateness {
  /** Messages sent more than 10 ms after they could have been. */
  late: number;
  /** Of the whole measurement. */
  sendLag: Histogram;
}

export function percentileUs(histogram: Histogram, percent: number): number {
  if (histogram.totalCount === 0 || percent <= 0) return 0;
  if (percent >= 100) return histogram.maxValue / NS_PER_US;
  return histogram.getValueAtPercentile(percent) / NS_PER_US;
}

/**
 * Pure: whether the fleet's own lateness decides whether a latency holds its limit. Lateness only
 * adds to a latency. So a value is taken for the server's when it says the same once the late
 * messages are excused (taken out as if they had been the slowest) and with them what the others may
 * have been late by uncounted: the send lag at this percentile, 10 ms at the most.
 */
export function latenessDecides(
  threshold: Threshold,
  latency: Histogram,
  { late, sendLag }: Lateness,
): boolean {
  const percent = PERCENTILES[threshold.metric] ?? 100;
  const excused = percent - (100 * late) / latency.totalCount;
  const uncountedUs = Math.min(UNCOUNTED_LATE_US, percentileUs(sendLag, percent));
  const leastUs = Math.max(0, percentileUs(latency, excused) - uncountedUs);
  return holds(threshold, percentileUs(latency, percent)) !== holds(threshold, leastUs);
}
