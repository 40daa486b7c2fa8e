import {
  type Baseline,
  DIFFERENCE_METRICS,
  type DifferenceMetric,
  isOfZones,
  type Trend,
  type TrendBase,
  type TrendChange,
  type TrendPoint,
  type TrendSeries,
  type TrendState,
  WORSE,
} from '@oversoak/contracts';
import { distinct } from '../judge/pooled.ts';
import { NIGHTS_KEPT, type Night } from '../store/nights.ts';
import { MIN_BASE_NIGHTS, nightReach, referenceOf, smallestShift } from './change-detection.ts';
import { addNight, type ChangeState, NO_NIGHTS, type TrackedSeries } from './change-tracking.ts';

export type { Night } from '../store/nights.ts';

/** The number of nights for which the smallest visible change is stated. */
const NIGHTS_TO_SEE = 10;

function stateOf({ kind, by }: ChangeState, metric: DifferenceMetric): TrendState {
  if (kind === 'none') return 'none';
  const worse = by > 0 === (WORSE[metric] === 'higher');
  if (kind === 'changed') return worse ? 'regression' : 'improvement';
  return worse ? 'suspect' : 'none';
}

function baseOf({ base }: TrackedSeries): TrendBase | null {
  if (base.length < MIN_BASE_NIGHTS) return null;
  const reference = referenceOf(base.map(({ value }) => value));
  const reach = nightReach(reference);
  return {
    middle: Math.exp(reference.mean),
    low: Math.exp(reference.mean - reach),
    high: Math.exp(reference.mean + reach),
    nights: base.length,
    smallest: Math.exp(smallestShift(reference, NIGHTS_TO_SEE)),
  };
}

function changeOf({ by, since }: ChangeState, points: readonly TrendPoint[]): TrendChange | null {
  const first = since === null ? undefined : points[since];
  if (first === undefined) return null;
  const { soakId, tickAtMs } = first;
  return { sinceSoakId: soakId, sinceTickAtMs: tickAtMs, ratio: Math.exp(by) };
}

/** One metric of one cell over the judged nights, oldest first. */
export function trendSeries(
  nights: readonly Night[],
  key: string,
  metric: DifferenceMetric,
): TrendSeries {
  const points: TrendPoint[] = [];
  let tracked = NO_NIGHTS;
  for (const [index, { soakId, tickAtMs, cause, cells }] of nights.entries()) {
    const cell = cells.find((one) => one.key === key);
    const value = cell?.figures[metric] ?? null;
    // 0 has no logarithm; it occurs when the clock is too coarse for the CPU time.
    tracked = addNight(tracked, value === null || value <= 0 ? null : Math.log(value), index);
    const state = stateOf(tracked.change, metric);
    points.push({ soakId, tickAtMs, cause, verdict: cell?.verdict ?? null, value, state });
  }
  const state = stateOf(tracked.change, metric);
  return {
    ...{ cell: key, metric, unit: DIFFERENCE_METRICS[metric] },
    ...{ base: baseOf(tracked), points, state },
    change: state === 'none' ? null : changeOf(tracked.change, points),
  };
}

function hasFigure(nights: readonly Night[], key: string, metric: DifferenceMetric): boolean {
  return nights.some(({ cells }) =>
    cells.some((cell) => cell.key === key && cell.figures[metric] !== undefined),
  );
}

/** The nights that are judged together, and how their base began. */
interface Judged {
  nights: readonly Night[];
  pinned: string | null;
}

/**
 * The nights since the spec last changed, or since the soak that was last pinned to restart the
 * base, whichever is later.
 */
export function judgedNights(
  schedule: string,
  nights: readonly Night[],
  baselines: readonly Baseline[],
): Judged {
  const newest = nights.at(-1);
  const changed = nights.findLastIndex(({ measures }) => measures !== newest?.measures);
  const like = nights.slice(changed + 1);
  const pins = baselines.filter((baseline) => baseline.schedule === schedule);
  const [pin] = pins.sort((left, right) => right.pinnedAtMs - left.pinnedAtMs);
  const at = like.findIndex(({ soakId }) => soakId === pin?.soakId);
  return at < 0
    ? { nights: like, pinned: null }
    : { nights: like.slice(at), pinned: pin?.name ?? null };
}

function notesOf(all: readonly Night[], { nights, pinned }: Judged): string[] {
  const before = all.length - nights.length;
  const notes = before === 0 ? [] : [`excluded nights before the base: ${before}`];
  if (all.length < NIGHTS_KEPT || before > 0 || pinned !== null) return notes;
  return [
    `only the newest ${NIGHTS_KEPT} nights are kept, so the base moves: pin a newer soak ` +
      '(oversoak baselines pin NAME SOAK --schedule SCHEDULE)',
  ];
}

/**
 * Whether the soaks of a schedule became worse. For each cell and metric, the first sound nights
 * are a fixed base, and evidence of later nights against it accumulates. `nights`: all stored ones,
 * oldest first. null: there are none.
 */
export function trendOf(
  schedule: string,
  nights: readonly Night[],
  baselines: readonly Baseline[],
): Trend | null {
  const judged = judgedNights(schedule, nights, baselines);
  const [first] = judged.nights;
  if (first === undefined) return null;
  const cells = judged.nights.flatMap((night) => night.cells);
  const metrics = Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[];
  const series = distinct(cells.map(({ key }) => key)).flatMap((key) =>
    metrics
      .filter((metric) => !isOfZones(metric) || hasFigure(judged.nights, key, metric))
      .map((metric) => trendSeries(judged.nights, key, metric)),
  );
  return {
    schedule,
    platform: distinct(cells.flatMap(({ platform }) => platform)).sort(),
    base: { sinceSoakId: first.soakId, sinceTickAtMs: first.tickAtMs, pinned: judged.pinned },
    series,
    regression: series.some(({ state }) => state === 'regression'),
    notes: notesOf(nights, judged),
  };
}

/** Limits each series to its last points; the judgement covers all of them. */
export function shownTrend(trend: Trend, most: number): Trend {
  const series = trend.series.map((each) => ({ ...each, points: each.points.slice(-most) }));
  return { ...trend, series };
}

/** Readable names of the series that are suspect since this soak. */
export function newSuspects({ series }: Trend, soakId: string): string[] {
  return series.flatMap(({ cell, metric, points }) => {
    const at = points.findIndex((point) => point.soakId === soakId);
    const is = points[at]?.state === 'suspect';
    const was = at > 0 && points[at - 1]?.state === 'suspect';
    return is && !was ? [`${metric} of ${cell}`] : [];
  });
}
