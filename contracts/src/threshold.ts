import { ERROR_CLASSES, type ErrorClass } from './error-classes.ts';
import type { ThresholdSpec } from './soak-spec.ts';

/** Units that a threshold may name, as factors to the metric's own unit. */
const UNITS = {
  latency_us: { us: 1, ms: 1_000, s: 1_000_000 },
  percent: { '%': 1 },
  count: { '': 1 },
} as const;

type Dimension = keyof typeof UNITS;

const METRICS: Record<string, Dimension> = {
  'echo.latency.p50': 'latency_us',
  'echo.latency.p90': 'latency_us',
  'echo.latency.p99': 'latency_us',
  'echo.latency.p999': 'latency_us',
  'echo.latency.max': 'latency_us',
  'achieved.rate': 'percent',
  ...Object.fromEntries(Object.keys(ERROR_CLASSES).map((name) => [`errors.${name}`, 'count'])),
};

/** Names that a threshold may judge. Latency counts from the intended send time. */
export const THRESHOLD_METRICS: readonly string[] = Object.keys(METRICS);

const OPERATORS = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '==': (a: number, b: number) => a === b,
} as const;
export type Operator = keyof typeof OPERATORS;

export interface Threshold {
  /** As the user wrote it. */
  text: string;
  metric: string;
  operator: Operator;
  /** In the metric's own unit: microseconds, percent or a count. */
  limit: number;
}

export type ParsedThreshold = { threshold: Threshold } | { error: string };

const SHAPE = /^\s*([A-Za-z0-9.]+)\s*(<=|>=|==|<|>)\s*(\d+(?:\.\d+)?)\s*([A-Za-z%]*)\s*$/;

/** The text of a spec's threshold, which may stand alone or with settings. */
export function thresholdText(threshold: ThresholdSpec): string {
  return typeof threshold === 'string' ? threshold : threshold.threshold;
}

/** Reads `metric operator number unit`, e.g. `echo.latency.p99 < 50ms`. */
export function parseThreshold(text: string): ParsedThreshold {
  const match = SHAPE.exec(text);
  if (match === null) {
    return { error: `expected "metric operator number unit" like "echo.latency.p99 < 50ms"` };
  }
  const [, metric = '', operator = '', number = '', unit = ''] = match;
  const dimension = METRICS[metric];
  if (dimension === undefined) {
    return { error: `unknown metric "${metric}"; valid: ${THRESHOLD_METRICS.join(', ')}` };
  }
  const units: Record<string, number> = UNITS[dimension];
  const factor = units[unit];
  if (factor === undefined) {
    const valid = Object.keys(units).map((name) => (name === '' ? 'no unit' : name));
    return { error: `"${metric}" takes ${valid.join(', ')}, not "${unit || 'no unit'}"` };
  }
  return {
    threshold: {
      text: text.trim(),
      metric,
      operator: operator as Operator,
      limit: Number(number) * factor,
    },
  };
}

export function holds(threshold: Threshold, actual: number): boolean {
  return OPERATORS[threshold.operator](actual, threshold.limit);
}

/** The thresholds that apply when a spec says nothing: no error of any class. */
export function impliedThresholds(given: readonly Threshold[]): Threshold[] {
  const named = new Set(given.map((threshold) => threshold.metric));
  return (Object.keys(ERROR_CLASSES) as ErrorClass[])
    .map((name) => `errors.${name}`)
    .filter((metric) => !named.has(metric))
    .map((metric) => ({ text: `${metric} == 0`, metric, operator: '==', limit: 0 }));
}
