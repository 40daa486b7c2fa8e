import {
  ERROR_CLASSES,
  ERRORS_TOTAL,
  type ErrorClass,
  type JudgedFigure,
  type Threshold,
} from '@oversoak/contracts';
import { errorsOf } from './figures.ts';
import { type Finding, known } from './finding.ts';
import type { Metric } from './metric.ts';
import { sum } from './pooled.ts';
import { countText } from './text.ts';

type Errors = Readonly<Partial<Record<ErrorClass, number>>>;
type ErrorFigure = Extract<JudgedFigure, `errors.${string}`>;

/** Compares a count of errors with its limit. */
function findErrors(threshold: Threshold, errors: Errors): Finding {
  const count = errorCount(threshold.metric, errors);
  return known(threshold, count, countText(count));
}

/** The count of one class, or of all. */
export function errorCount(metric: string, errors: Errors): number {
  if (metric === ERRORS_TOTAL) return sum(Object.values(errors));
  const count = errors[metric.slice('errors.'.length) as ErrorClass];
  if (count === undefined) throw new Error(`no figure for the metric "${metric}"`);
  return count;
}

const errorMetric = (name: ErrorFigure): Metric => ({
  find: (threshold, { errors }) => findErrors(threshold, errors),
  findInWindow: (threshold, { errors }) => findErrors(threshold, errors),
  findOutside: (threshold, windows, whole) => {
    const inside = sum(windows.map(({ errors }) => errorCount(name, errors)));
    const outside = Math.max(0, errorCount(name, whole.errors) - inside);
    const text = `${countText(outside)} before, after or between the windows`;
    return known(threshold, outside, text);
  },
  figureOf: (result) => errorCount(name, errorsOf(result)),
  whyUndecidable: () => null,
});

const NAMES: ErrorFigure[] = [
  ...(Object.keys(ERROR_CLASSES) as ErrorClass[]).map((name) => `errors.${name}` as const),
  ERRORS_TOTAL,
];

export const ERROR_METRICS = Object.fromEntries(
  NAMES.map((name) => [name, errorMetric(name)]),
) as Record<ErrorFigure, Metric>;
