import {
  ERROR_CLASSES,
  ERRORS_TOTAL,
  type ErrorClass,
  holds,
  type JudgedFigure,
  type Threshold,
} from '@oversoak/contracts';
import { errorsOf } from './figures.ts';
import { type Finding, known, unknown } from './finding.ts';
import type { Metric } from './metric.ts';
import { sum } from './pooled.ts';
import { countText } from './text.ts';

type Errors = Readonly<Partial<Record<ErrorClass, number>>>;
type ErrorFigure = Extract<JudgedFigure, `errors.${string}`>;

/** What a count of echoes that did not come in time rests on. */
interface Doubts {
  /** Messages to which no echo came at all. */
  unanswered: number;
  /** Messages that may have waited behind what another fleet sent at once. */
  behindOthers: number;
}

/**
 * Of the errors that a metric counts, echoes that came after all, only not in time, and may have
 * waited behind what another fleet sent at once after it had stood still.
 */
export function lateBehindOthers(
  metric: string,
  { notReceivedInTime = 0 }: Errors,
  { unanswered, behindOthers }: Doubts,
): number {
  if (metric !== ERRORS_TOTAL && metric !== 'errors.notReceivedInTime') return 0;
  return Math.min(Math.max(0, notReceivedInTime - unanswered), behindOthers);
}

/** Compares a count of errors with its limit. */
function findErrors(threshold: Threshold, errors: Errors, doubts: Doubts): Finding {
  const count = errorCount(threshold.metric, errors);
  const finding = known(threshold, count, countText(count));
  const late = lateBehindOthers(threshold.metric, errors, doubts);
  if (late === 0 || finding.outcome !== 'missed' || !holds(threshold, count - late)) return finding;
  const why =
    `a fleet stood still and then sent at once what was due, behind which ${countText(late)} ` +
    'messages of the others may have waited: their echoes came, but not in time';
  return unknown(finding.text, why, finding.value);
}

/** The count of one class, or of all. */
export function errorCount(metric: string, errors: Errors): number {
  if (metric === ERRORS_TOTAL) return sum(Object.values(errors));
  const count = errors[metric.slice('errors.'.length) as ErrorClass];
  if (count === undefined) throw new Error(`no figure for the metric "${metric}"`);
  return count;
}

const errorMetric = (name: ErrorFigure): Metric => ({
  find: (threshold, { errors, measured }) => findErrors(threshold, errors, measured),
  findInWindow: (threshold, { errors, load: { unanswered }, behindOthers }) =>
    findErrors(threshold, errors, { unanswered, behindOthers }),
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
