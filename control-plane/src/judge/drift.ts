import {
  DRIFT_METRICS,
  type Drift,
  type DriftMetric,
  type DriftRise,
  mergeHistograms,
  type RunResult,
  type ServerWindow,
} from '@oversoak/contracts';
import { bendOf } from './bend.ts';
import { floorOf, MIN_CYCLES, resolutionOf } from './cycles.ts';
import { slopeUnderDecay } from './decay.ts';
import { MIN_ECHOES } from './latency.ts';
import { MAX_POINTS, type Point, parts, spanOf, thinned } from './points.ts';
import { BEND_DEVIATIONS, FILL_BEND, riseOf } from './rise.ts';
import { slopeOf } from './slope.ts';
import { commonEnds, fleetWindowsIn } from './windows.ts';

/** With fewer windows, a trend cannot be distinguished from chance. */
export const MIN_WINDOWS = 20;
/** Of fewer points it cannot be decided whether they are straight. */
const MIN_STRETCH = 10;
const SECONDS_PER_HOUR = 3600;

/** A shorter measurement cannot distinguish a leak from the flank of a slow cycle. */
export const MIN_MINUTES = 35;
/** Unless it rises by this many times the limit: no permitted cycle is as high. */
export const SHORT_LIMITS = 20;
/** Start-up effects after the warm-up are excluded with this share of the measurement. */
const SETTLING_SHARE = 1 / 8;
/**
 * The rest must be straighter, or a filling cache would pass at the second attempt. A fill of one run
 * bends by seven eighths of `FILL_BEND` there.
 */
const SETTLED_BEND = (2 / 3) * FILL_BEND;

/** A walk rarely bends upwards by that much; a decay does. */
const DECAY_DEVIATIONS = 3.5;

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

/** The drift of each figure, sampled at the end of every window of the measurement. */
export function driftsOf(result: Figures): Drift[] {
  return DRIFT_METRICS.map((metric) => {
    if (metric === 'p99') return driftOf(metric, ...latencyPoints(result));
    const windows = result.server?.series.windows ?? [];
    const points = windows.flatMap(({ endSeconds, own }) => {
      const value = FIGURES[metric](own);
      return value === null ? [] : [{ atHours: endSeconds / SECONDS_PER_HOUR, value }];
    });
    return driftOf(metric, points, points.length);
  });
}

/** The drift of a series of points that were measured in `windows` windows. */
export function driftOf(metric: DriftMetric, points: readonly Point[], windows: number): Drift {
  const drift = { metric, unit: UNITS[metric], windows };
  const [first] = points;
  if (first === undefined || points.length < MIN_WINDOWS) {
    return { ...drift, hours: 0, cycles: 0, slope: null, low: null, high: null, rise: null };
  }
  const span = spanOf(points);
  const hours = (span * points.length) / (points.length - 1);
  const { points: floor, cycles } = floorOf(points);
  const settled = floor.filter(({ atHours }) => atHours >= first.atHours + span * SETTLING_SHARE);
  const { slope, low, high } = slopeOf(thinned(settled));
  const rise = floorRise(floor, settled, cycles);
  const unseen = cycles === 0 ? 0 : resolutionOf(points) / span;
  const latest = latestHigh(settled, high);
  const widened = {
    low: low === null ? null : low - unseen,
    high: latest === null ? null : latest + unseen,
  };
  return { ...drift, hours, cycles, slope, ...widened, rise };
}

/**
 * The upper end of the slope. Where the line bends upwards, it is steepest at its end, and what fell
 * at first may rise by now: then that of the last stretch that is straight. null: it is too short.
 */
function latestHigh(settled: readonly Point[], high: number | null): number | null {
  let [points, latest] = [settled, high];
  const slowsDown = latest !== null && bendsUp(settled, DECAY_DEVIATIONS);
  while (latest !== null && points.length >= MIN_STRETCH && bendsUp(points)) {
    points = points.slice(Math.floor(points.length / 2));
    latest = points.length < MIN_STRETCH ? null : slopeOf(thinned(points)).high;
  }
  if (!slowsDown || latest === null) return latest;
  const under = slopeUnderDecay(thinned(settled));
  return under === null ? latest : Math.max(latest, under);
}

function bendsUp(points: readonly Point[], deviations = BEND_DEVIATIONS): boolean {
  return bendOf(thinned(points)).bend > deviations;
}

function floorRise(floor: readonly Point[], settled: readonly Point[], cycles: number): DriftRise {
  if (cycles > 0 && cycles < MIN_CYCLES) return 'few-cycles';
  const whole = riseOf(floor);
  return whole === 'steady' || settled.length < MIN_CYCLES ? whole : riseOf(settled, SETTLED_BEND);
}

/** Pure: whether a drift is significantly below the limit (per hour). */
export function isBelow({ high }: Drift, limit: number): boolean {
  return high !== null && high < limit;
}

/** Pure: whether a drift is a steady rise above the limit (per hour). */
export function risesAbove({ low, rise, hours }: Drift, limit: number): boolean {
  if (low === null || rise !== 'steady') return false;
  return low > (hours * 60 < MIN_MINUTES ? SHORT_LIMITS * limit : limit);
}

/** The p99 over time; neighbouring windows are merged until they have enough echoes. */
function latencyPoints({ fleets }: Figures): [Point[], number] {
  const series = Object.values(fleets).map((fleet) => fleet.series);
  const ends = commonEnds(series);
  const echoes = series
    .flatMap(({ windows }) => windows)
    .reduce((sum, { load }) => sum + load.echoed, 0);
  if (echoes === 0) return [[], ends.length];
  const together = Math.ceil((MIN_ECHOES['echo.latency.p99'] * ends.length) / echoes);
  const count = Math.min(MAX_POINTS, Math.floor(ends.length / Math.max(1, together)));
  if (count < MIN_WINDOWS) return [[], ends.length];
  let startSeconds = 0;
  const points = parts(ends, count).flatMap((neighbours) => {
    const endSeconds = neighbours.at(-1) ?? startSeconds;
    const windows = fleetWindowsIn(series, startSeconds, endSeconds);
    startSeconds = endSeconds;
    const latency = mergeHistograms(windows.map(({ intended }) => intended));
    if (latency.totalCount < MIN_ECHOES['echo.latency.p99']) return [];
    const value = latency.getValueAtPercentile(99) / 1000;
    return [{ atHours: endSeconds / SECONDS_PER_HOUR, value }];
  });
  return [points, ends.length];
}
