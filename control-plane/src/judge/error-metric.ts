import {
  ERROR_CLASSES,
  ERRORS_TOTAL,
  type ErrorClass,
  holds,
  type JudgedFigure,
  type Threshold,
} from '@oversoak/contracts';
import { behindOthersText, burstNs } from './behind-others.ts';
import { errorsOf, lostOf } from './figures.ts';
import { type Finding, known, unknown } from './finding.ts';
import type { Metric, Whole } from './metric.ts';
import { sum } from './pooled.ts';
import { countText } from './text.ts';

type Errors = Readonly<Partial<Record<ErrorClass, number>>>;
type ErrorFigure = Extract<JudgedFigure, `errors.${string}`>;

/**
 * Of the errors that a metric counts, echoes that came after all, only not in time, and may have
 * waited behind what another fleet sent at once after it had stood still. `lateByOthers`: how many
 * of the run there may be at most.
 */
export function lateAmong(metric: string, errors: Errors, lateByOthers: number): number {
  if (metric !== ERRORS_TOTAL && metric !== 'errors.notReceivedInTime') return 0;
  return Math.min(errors.notReceivedInTime ?? 0, lateByOthers);
}

/** Compares a count of errors with its limit. */
function findErrors(threshold: Threshold, errors: Errors, lateByOthers: number): Finding {
  const count = errorCount(threshold.metric, errors);
  const finding = known(threshold, count, countText(count));
  const late = lateAmong(threshold.metric, errors, lateByOthers);
  if (late === 0 || finding.outcome !== 'missed' || !holds(threshold, count - late)) return finding;
  const why = `${behindOthersText(late, 'messages')}: their echoes came, but not in time`;
  return unknown(finding.text, why, finding.value);
}

/**
 * How many echoes of a run may have come too late because another fleet had stood still: none where
 * one took longer than that explains, and no more than did come.
 */
export function lateByOthers({
  result,
  measured,
  actual,
  disturbed,
  sendLag,
  errors,
}: Whole): number {
  const longestNs = result.spec.workload.echoTimeoutMs * 1e6 + burstNs(sendLag);
  if (Math.max(actual.maxValue, disturbed.most.maxValue) > longestNs) return 0;
  const cameLater = Math.max(0, errors.notReceivedInTime - lostOf(result));
  return Math.min(cameLater, measured.behindOthers);
}

/** The count of one class, or of all. */
export function errorCount(metric: string, errors: Errors): number {
  if (metric === ERRORS_TOTAL) return sum(Object.values(errors));
  const count = errors[metric.slice('errors.'.length) as ErrorClass];
  if (count === undefined) throw new Error(`no figure for the metric "${metric}"`);
  return count;
}

const errorMetric = (name: ErrorFigure): Metric => ({
  find: (threshold, whole) => findErrors(threshold, whole.errors, lateByOthers(whole)),
  findInWindow: (threshold, window) => findErrors(threshold, window.errors, window.lateByOthers),
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
