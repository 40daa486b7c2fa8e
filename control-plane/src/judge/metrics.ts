import type { JudgedFigure } from '@oversoak/contracts';
import { DELIVERY_METRICS } from './delivery-metric.ts';
import { DRIFT_METRICS } from './drift-metric.ts';
import { ERROR_METRICS } from './error-metric.ts';
import { LATENCY_METRICS } from './latency-metric.ts';
import type { Metric } from './metric.ts';
import { RATE_METRIC } from './rate-metric.ts';
import { TICK_METRICS } from './tick-metric.ts';

/** Every metric that a threshold may name. */
export const METRICS: Readonly<Record<JudgedFigure, Metric>> = {
  ...LATENCY_METRICS,
  ...DELIVERY_METRICS,
  ...TICK_METRICS,
  'achieved.rate': RATE_METRIC,
  ...ERROR_METRICS,
  ...DRIFT_METRICS,
};
