import {
  type ComparedCell,
  type Comparison,
  DIFFERENCE_METRICS,
  type DifferenceMetric,
  type Trend,
  type TrendBand,
  type TrendPoint,
  type TrendSeries,
} from '@oversoak/contracts';
import { median, sampleStandardDeviation } from 'simple-statistics';
import { distinct } from '../judge/pooled.ts';
import { studentT } from './student-t.ts';

/** One soak of a schedule, done. */
export interface Night {
  soakId: string;
  tickAtMs: number;
  comparison: Comparison;
}

const LEAST_RUNS = 3;
const MOST_RUNS = 10;
/** Runs out of the band, one after the other, that are a regression: one may be a bad night. */
const IN_A_ROW = 2;

/** Of a normal distribution, 99.73 % lies within three standard deviations. */
const THREE_SIGMA = 0.9973;
/** Figures that hardly vary make a band of no width; less than this is nobody's regression. */
const LEAST_REACH = Math.log(1.02);

type Side = 'low' | 'high';

/** The metrics, where each stands in a cell's figures, and which side of the band is the bad one. */
const METRICS: Record<
  DifferenceMetric,
  { value: (cell: ComparedCell) => number | null; worse: Side }
> = {
  'echo.latency.p50': { value: (cell) => cell.latencyIntended.p50Us, worse: 'high' },
  'echo.latency.p99': { value: (cell) => cell.latencyIntended.p99Us, worse: 'high' },
  'echo.latency.slowest': { value: (cell) => cell.latencyIntended.slowestUs, worse: 'high' },
  'achieved.rate': { value: (cell) => cell.achievedRate, worse: 'low' },
  serverCpuSecondsPer1000Echoes: {
    value: (cell) => cell.serverCpuSecondsPer1000Echoes,
    worse: 'high',
  },
  serverWorkingSet: { value: (cell) => cell.serverWorkingSetBytes, worse: 'high' },
};

/**
 * Median ± three standard deviations, in the logarithm; as many of them as Student's t asks for
 * when so few runs tell the deviation and the middle. At least 2 %. No
 * robust deviation: odd nights are out and so not in the band, and of ten runs the median
 * absolute deviation is so vague that it accuses twenty times as many schedules that are well.
 */
function bandOf(values: readonly number[]): TrendBand | null {
  const { length: runs } = values;
  if (runs < LEAST_RUNS) return null;
  const deviation = sampleStandardDeviation(values.map(Math.log));
  const reach = Math.max(
    studentT(runs - 1, THREE_SIGMA) * deviation * Math.sqrt(1 + 1 / runs),
    LEAST_REACH,
  );
  const middle = median([...values]);
  return { middle, low: middle * Math.exp(-reach), high: middle * Math.exp(reach), runs };
}

/** What the runs so far say about the next. */
interface Course {
  /** Values of the last good runs that were within their band. */
  good: number[];
  /** Runs out on one side since the last one within; a run without a value is passed over. */
  out: { side: Side; values: number[] } | null;
}

function next({ good, out }: Course, value: number, side: Side | null, passed: boolean): Course {
  const kept = (values: number[]) => (passed ? [...values, value].slice(-MOST_RUNS) : values);
  if (side === null) return { good: kept(good), out: null };
  const before = out?.side === side ? out.values : [];
  const values = [...before, value];
  // What holds for a whole band's worth of runs is how it is now.
  if (values.length >= MOST_RUNS) return { good: values, out: null };
  return { good, out: { side, values } };
}

function sideOf(value: number, band: TrendBand | null): Side | null {
  if (band === null || (value >= band.low && value <= band.high)) return null;
  return value < band.low ? 'low' : 'high';
}

/** One metric of one cell over the nights, oldest first. */
export function trendSeries(
  nights: readonly Night[],
  key: string,
  metric: DifferenceMetric,
): TrendSeries {
  const { value: figure, worse } = METRICS[metric];
  const points: TrendPoint[] = [];
  let course: Course = { good: [], out: null };
  for (const { soakId, tickAtMs, comparison } of nights) {
    const cell = comparison.cells.find((one) => one.key === key);
    const verdict = cell?.verdict ?? null;
    const value = cell?.loadSound === true ? figure(cell) : null;
    // 0 has no logarithm: a clock too coarse for the CPU time tells nothing.
    const side = value === null || value <= 0 ? null : sideOf(value, bandOf(course.good));
    points.push({ soakId, tickAtMs, verdict, value, out: side });
    if (value !== null && value > 0) course = next(course, value, side, verdict === 'passed');
  }
  const shifted = course.out !== null && course.out.values.length >= IN_A_ROW;
  return {
    cell: key,
    metric,
    unit: DIFFERENCE_METRICS[metric],
    band: bandOf(course.good),
    points,
    regression: shifted && course.out?.side === worse,
    improvement: shifted && course.out?.side !== worse,
  };
}

/**
 * Whether the soaks of a schedule became worse: the last good runs form a band for each cell and
 * metric, and two runs out of it in a row on the worse side are a regression. Runs that are out do
 * not move the band, so a regression stays one until it is mended, or has been there for ten runs.
 */
export function trendOf(
  schedule: string,
  nights: readonly Night[],
  notes: readonly string[],
): Trend {
  // Those of a baseline show the machine of the night and not the schedule's soak.
  const cells = nights
    .flatMap(({ comparison }) => comparison.cells)
    .filter(({ cell }) => cell.side === undefined);
  const metrics = Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[];
  const series = distinct(cells.map(({ key }) => key)).flatMap((key) =>
    metrics.map((metric) => trendSeries(nights, key, metric)),
  );
  return {
    schedule,
    platform: distinct(nights.flatMap(({ comparison }) => comparison.platform)).sort(),
    series,
    regression: series.some(({ regression }) => regression),
    notes: [...notes],
  };
}
