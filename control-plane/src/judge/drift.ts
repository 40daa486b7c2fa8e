import {
  DRIFT_METRICS,
  type Drift,
  type DriftMetric,
  mergeHistograms,
  type RunResult,
  type ServerWindow,
} from '@oversoak/contracts';
import { median } from 'simple-statistics';
import { LEAST_ECHOES } from './latency.ts';
import { type Point, trendOf } from './trend.ts';
import { commonEnds, fleetWindowsIn } from './windows.ts';

/** Fewer windows show no trend that could be told from chance. */
export const LEAST_WINDOWS = 20;
/** More points than this are thinned, so that neighbours hang together less. */
const MOST_POINTS = 60;
const SECONDS_PER_HOUR = 3600;

/**
 * A rise is claimed below this chance of its being none. Chosen with `npm run bench -- drift`, so
 * that no kind of leak-free series is accused in more than 5 % of the cases.
 */
export const TREND_LEVEL = 0.005;

const UNITS: Record<DriftMetric, Drift['unit']> = {
  workingSet: 'bytes/h',
  privateBytes: 'bytes/h',
  handles: 'handles/h',
  threads: 'threads/h',
  p99: 'us/h',
};

type ServerMetric = Exclude<DriftMetric, 'p99'>;

const FIGURES: Record<ServerMetric, (of: ServerWindow['own']) => number | null> = {
  workingSet: (own) => own.workingSetBytes,
  privateBytes: (own) => own.privateBytes,
  handles: (own) => own.handles,
  threads: (own) => own.threads,
};

type Figures = Pick<RunResult, 'server' | 'fleets'>;

/** Whether each figure grew in the measurement: the server's at the end of every window. */
export function driftsOf(result: Figures): Drift[] {
  return DRIFT_METRICS.map((metric) => {
    if (metric === 'p99') return driftOf(metric, ...latencyPoints(result));
    const windows = result.server?.series.windows ?? [];
    const points = windows.flatMap(({ endSeconds, own }) => {
      const value = FIGURES[metric](own);
      return value === null ? [] : [{ atHours: endSeconds / SECONDS_PER_HOUR, value }];
    });
    return driftOf(metric, thinned(points), points.length);
  });
}

/** The drift that points show, which rest on so many windows. */
export function driftOf(metric: DriftMetric, points: readonly Point[], windows: number): Drift {
  const drift = { metric, unit: UNITS[metric], windows };
  if (points.length < LEAST_WINDOWS) {
    return { ...drift, slope: null, low: null, high: null, trendP: null, laterSlope: null };
  }
  const { slope, low, high, p, laterSlope } = trendOf(points);
  return { ...drift, slope, low, high, trendP: p, laterSlope };
}

/** Pure: whether a drift is a rise above the limit (per hour) that goes on. */
export function risesAbove(drift: Drift, limit: number): boolean {
  const { slope, low, trendP, laterSlope } = drift;
  if (slope === null || low === null || trendP === null || laterSlope === null) return false;
  // What only settles after the start rises at first and hardly later.
  const goesOn = laterSlope > slope / 2 && laterSlope > limit;
  return low > limit && trendP < TREND_LEVEL && goesOn;
}

/** Splits a list into so many parts of about one length, in order. */
function parts<T>(list: readonly T[], count: number): T[][] {
  const edge = (part: number) => Math.floor((part * list.length) / count);
  return Array.from({ length: count }, (_, part) => list.slice(edge(part), edge(part + 1)));
}

/** At the most `MOST_POINTS` of them: medians of neighbours. */
export function thinned(points: readonly Point[]): Point[] {
  if (points.length <= MOST_POINTS) return [...points];
  return parts(points, MOST_POINTS).map((neighbours) => ({
    atHours: median(neighbours.map(({ atHours }) => atHours)),
    value: median(neighbours.map(({ value }) => value)),
  }));
}

/** The 99th percentile of neighbouring windows, each point with echoes enough to have one. */
function latencyPoints({ fleets }: Figures): [Point[], number] {
  const series = Object.values(fleets).map((fleet) => fleet.series);
  const ends = commonEnds(series);
  const echoes = series
    .flatMap(({ windows }) => windows)
    .reduce((sum, { load }) => sum + load.echoed, 0);
  if (echoes === 0) return [[], ends.length];
  const together = Math.ceil((LEAST_ECHOES['echo.latency.p99'] * ends.length) / echoes);
  const count = Math.min(MOST_POINTS, Math.floor(ends.length / Math.max(1, together)));
  if (count < LEAST_WINDOWS) return [[], ends.length];
  let startSeconds = 0;
  const points = parts(ends, count).flatMap((neighbours) => {
    const endSeconds = neighbours.at(-1) ?? startSeconds;
    const windows = fleetWindowsIn(series, startSeconds, endSeconds);
    startSeconds = endSeconds;
    const latency = mergeHistograms(windows.map(({ intended }) => intended));
    if (latency.totalCount < LEAST_ECHOES['echo.latency.p99']) return [];
    const value = latency.getValueAtPercentile(99) / 1000;
    return [{ atHours: endSeconds / SECONDS_PER_HOUR, value }];
  });
  return [points, ends.length];
}
