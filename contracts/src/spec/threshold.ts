import { ERROR_CLASSES, type ErrorClass } from '../figures/error-classes.ts';
import {
  ERRORS_TOTAL,
  isFigure,
  JUDGED_FIGURES,
  type JudgedFigure,
  readQuantity,
} from '../figures/figure.ts';
import { windowSecondsOf } from '../figures/series.ts';
import { validNames } from '../values/valid-names.ts';
import type { SoakSpec, ThresholdSpec } from './soak-spec.ts';

/** Metrics that a threshold may judge. Latency counts from the intended send time. */
export const THRESHOLD_METRICS: readonly string[] = Object.keys(JUDGED_FIGURES);

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
  metric: JudgedFigure;
  operator: Operator;
  /** In the metric's own unit: microseconds, percent, a count, or one of these per hour. */
  limit: number;
  /** Length of the windows that are judged individually; null: the whole measurement is judged. */
  everySeconds: number | null;
  /** Whether a miss ends the run at once. */
  abort: boolean;
}

export type ParsedThreshold = { threshold: Threshold } | { error: string };

const SHAPE =
  /^\s*([A-Za-z0-9.]+)\s*(<=|>=|==|<|>)\s*(\d+(?:\.\d+)?)\s*([A-Za-z%/]*)(?:\s+every\s+(\d+(?:\.\d+)?)\s*([A-Za-z]*))?\s*$/;

const EVERY_UNITS: Record<string, number> = { s: 1, m: 60 };

/** The text of a spec's threshold, which is a string or an object with settings. */
export function thresholdText(threshold: ThresholdSpec): string {
  return typeof threshold === 'string' ? threshold : threshold.threshold;
}

export const isErrorThreshold = ({ metric }: Pick<Threshold, 'metric'>) =>
  metric.startsWith('errors.');
export const isDriftThreshold = ({ metric }: Pick<Threshold, 'metric'>) =>
  metric.startsWith('drift.');

/**
 * Parses `metric operator number unit [every number s|m]`, e.g. `echo.latency.p99 < 50ms every
 * 60s`. `everyProblem` checks whether the windows fit a measurement.
 */
export function parseThreshold(given: ThresholdSpec): ParsedThreshold {
  const text = thresholdText(given);
  const match = SHAPE.exec(text);
  if (match === null) {
    // Its sign alone is wrong.
    const [, negative] = /(-\d[\d.]*)/.exec(text) ?? [];
    if (negative !== undefined && SHAPE.test(text.replace(negative, negative.slice(1)))) {
      return { error: `${negative} must not be negative` };
    }
    const examples = '"echo.latency.p99 < 50ms" or "achieved.rate >= 99% every 60s"';
    const form = `expected "metric operator number unit [every number s|m]" like ${examples}`;
    return { error: `${form}; operators: ${Object.keys(OPERATORS).join(', ')}` };
  }
  const [, metric = '', operator = '', number = '', unit = '', every, everyUnit = ''] = match;
  if (!isFigure(JUDGED_FIGURES, metric)) {
    return { error: `unknown metric "${metric}"; ${validNames(metric, THRESHOLD_METRICS)}` };
  }
  const limit = readQuantity(metric, number, unit);
  if ('error' in limit) return limit;
  const everyFactor = EVERY_UNITS[everyUnit];
  if (every !== undefined && everyFactor === undefined) {
    const given = everyUnit === '' ? 'a number without a unit' : `"${everyUnit}"`;
    return { error: `"every" takes ${Object.keys(EVERY_UNITS).join(', ')}, not ${given}` };
  }
  const threshold: Threshold = {
    text: text.trim(),
    metric,
    operator: operator as Operator,
    limit: limit.value,
    everySeconds: every === undefined ? null : Number(every) * (everyFactor ?? 1),
    abort: typeof given === 'string' ? false : given.abort,
  };
  const error = unjudgeable(threshold);
  return error === null ? { threshold } : { error };
}

/** Why a threshold can never be judged, or not in time to abort; null: it can. */
function unjudgeable({ metric, operator, everySeconds, abort }: Threshold): string | null {
  const risesOnly = operator === '<' || operator === '<=';
  if (isDriftThreshold({ metric })) {
    if (everySeconds !== null)
      return `"${metric}" takes no "every": a slope needs the whole measurement`;
    if (abort) return `"${metric}" takes no "abort": a slope needs the whole measurement`;
    if (!risesOnly) {
      return `"${metric}" takes < or <=, not ${operator}: a slope is known as an interval`;
    }
  }
  if (everySeconds !== null && [ERRORS_TOTAL, 'errors.peerReset'].includes(metric)) {
    const why = 'how many resets the fleets sent on purpose is known of the whole run only';
    return `"${metric}" takes no "every": ${why}`;
  }
  if (!abort || everySeconds !== null) return null;
  if (!isErrorThreshold({ metric })) {
    const why = 'what the whole measurement gives is known at its end';
    return `"abort" goes with errors.* or with "every": ${why}; add for example "every 60s"`;
  }
  if (risesOnly || operator === '==') return null;
  return `"abort" on errors takes <, <= or ==, not ${operator}: a count may still rise`;
}

/** Why the windows of a threshold do not fit a measurement; null: they fit. */
export function everyProblem(
  { everySeconds }: Pick<Threshold, 'everySeconds'>,
  measureSeconds: number,
): string | null {
  if (everySeconds === null) return null;
  const windowSeconds = windowSecondsOf(measureSeconds);
  const measured = `phases.measureSeconds is ${measureSeconds}`;
  if (everySeconds > measureSeconds) {
    return `"every" is longer than the measurement: ${measured}, it is ${everySeconds}s`;
  }
  if (everySeconds < windowSeconds || !Number.isInteger(everySeconds / windowSeconds)) {
    const kept = `such a measurement is kept in windows of ${windowSeconds} s`;
    return `"every" must be a multiple of ${windowSeconds}s, it is ${everySeconds}s: ${kept}`;
  }
  const windows = measureSeconds / everySeconds;
  if (Number.isInteger(windows)) return null;
  const rest = Number((measureSeconds - Math.floor(windows) * everySeconds).toPrecision(12));
  return `"every" must divide the measurement: ${measured}, and after windows of ${everySeconds}s its last ${rest} s would be in none`;
}

export function holds(threshold: Pick<Threshold, 'operator' | 'limit'>, actual: number): boolean {
  return OPERATORS[threshold.operator](actual, threshold.limit);
}

/** With a smaller share of the due messages, the run did not produce the requested load. */
const MIN_ACHIEVED_PERCENT = 99;

/**
 * The thresholds that apply by default: the requested load, and no error of any class. A threshold
 * on the total replaces those of the classes. A closed loop requests no load: a message is due when
 * it is sent.
 */
export function impliedThresholds(
  given: readonly Threshold[],
  { pacing }: Pick<SoakSpec['workload'], 'pacing'>,
): Threshold[] {
  const named = new Set(given.map((threshold) => threshold.metric));
  const whole = { everySeconds: null, abort: false };
  const errors = named.has(ERRORS_TOTAL) ? [] : (Object.keys(ERROR_CLASSES) as ErrorClass[]);
  const implied: Threshold[] = [
    {
      text: `achieved.rate >= ${MIN_ACHIEVED_PERCENT}%`,
      metric: 'achieved.rate',
      operator: '>=',
      limit: MIN_ACHIEVED_PERCENT,
      ...whole,
    },
    ...errors.map(
      (name): Threshold => ({
        text: `errors.${name} == 0`,
        metric: `errors.${name}`,
        operator: '==',
        limit: 0,
        ...whole,
      }),
    ),
  ];
  return implied.filter(
    ({ metric }) => !named.has(metric) && !(metric === 'achieved.rate' && pacing === 'closed'),
  );
}
