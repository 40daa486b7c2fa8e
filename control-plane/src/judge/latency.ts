import type { JudgedFigure } from '@oversoak/contracts';
import type { Histogram } from './figures.ts';

const NS_PER_US = 1000;

export type LatencyFigure = Extract<JudgedFigure, `echo.latency.${string}`>;
export type DeliveryFigure = Extract<JudgedFigure, `delivery.latency.${string}`>;
export type TickFigure = Extract<JudgedFigure, `tick.latency.${string}`>;
export type AnyLatencyFigure = LatencyFigure | DeliveryFigure | TickFigure;

/** The percentile of each latency metric. */
export const PERCENTILES: Readonly<Record<AnyLatencyFigure, number>> = {
  'echo.latency.p50': 50,
  'echo.latency.p90': 90,
  'echo.latency.p99': 99,
  'echo.latency.p999': 99.9,
  'echo.latency.max': 100,
  'delivery.latency.p50': 50,
  'delivery.latency.p99': 99,
  'delivery.latency.max': 100,
  'tick.latency.p50': 50,
  'tick.latency.p99': 99,
  'tick.latency.max': 100,
};

const FIGURES = Object.keys(PERCENTILES);
export const LATENCY_FIGURES = FIGURES.filter((name) =>
  name.startsWith('echo.'),
) as LatencyFigure[];
export const DELIVERY_FIGURES = FIGURES.filter((name) =>
  name.startsWith('delivery.'),
) as DeliveryFigure[];

export const TICK_FIGURES = FIGURES.filter((name) => name.startsWith('tick.')) as TickFigure[];

/** With fewer echoes, deliveries or ticks, the percentile would be the slowest one or beyond it. */
export const MIN_ECHOES: Readonly<Record<AnyLatencyFigure, number>> = {
  'echo.latency.p50': 2,
  'echo.latency.p90': 10,
  'echo.latency.p99': 100,
  'echo.latency.p999': 1000,
  'echo.latency.max': 1,
  'delivery.latency.p50': 2,
  'delivery.latency.p99': 100,
  'delivery.latency.max': 1,
  'tick.latency.p50': 2,
  'tick.latency.p99': 100,
  'tick.latency.max': 1,
};

export function percentileUs(histogram: Histogram, percent: number): number {
  if (histogram.totalCount === 0 || percent <= 0) return 0;
  if (percent >= 100) return histogram.maxValue / NS_PER_US;
  return histogram.getValueAtPercentile(percent) / NS_PER_US;
}
