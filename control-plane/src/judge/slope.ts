import { mean, medianSorted, sampleStandardDeviation } from 'simple-statistics';
import { type Point, parts, spanOf } from './points.ts';
import { studentT } from './student-t.ts';

export interface Slope {
  /** Per hour: the median slope between all pairs of points (Theil 1950, Sen 1968). */
  slope: number;
  /** Its 95 % interval; null: unknown. */
  low: number | null;
  high: number | null;
}

/** Relative rounding error of sums of a few dozen numbers. */
const ROUNDING = 1e-9;
const CONFIDENCE = 0.95;
/** Normal quantile of a two-sided interval with that confidence. */
const Z = 1.959964;
/** Number of steps of a walk, which are independent. */
const STEPS = 8;

/**
 * The trend of at least three points in order of time. Figures of a process are autocorrelated:
 * memory, for example, grows in steps. The variance of the interval is therefore Kendall's with
 * ties, inflated by the autocorrelation of the detrended series (Yue and Wang 2004). If the
 * interval exceeds the slopes of all pairs, the points are treated as a random walk. The medians
 * come from simple-statistics; no maintained package has the interval, the ties or the correction.
 */
export function slopeOf(points: readonly Point[]): Slope {
  const slopes = sortedSlopes(points);
  const slope = medianSorted(slopes);
  const detrended = points.map(({ atHours, value }) => value - slope * atHours);
  const deviation = Math.sqrt(kendallVariance(points) * inflation(detrended));
  const half = (Z * deviation) / 2;
  const middle = slopes.length / 2;
  const low = between(slopes, middle - half - 1);
  const high = between(slopes, middle + half);
  return low === null || high === null ? walkOf(points, slope) : { slope, low, high };
}

/**
 * The interval of a random walk's slope: Student's t of its steps between points an eighth of the
 * series apart. These steps are independent in a walk. For noise around a line they are negatively
 * correlated, so the interval is wider.
 */
function walkOf(points: readonly Point[], slope: number): Slope {
  const ends = [...points.slice(0, 1), ...parts(points.slice(1), STEPS).map((part) => part.at(-1))];
  const values = ends.flatMap((point) => (point === undefined ? [] : [point.value]));
  if (values.length <= STEPS) return { slope, low: null, high: null };
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? value));
  const hours = spanOf(points) / STEPS;
  const half =
    (studentT(STEPS - 1, CONFIDENCE) * sampleStandardDeviation(steps)) / Math.sqrt(STEPS);
  const [from, to] = [(mean(steps) - half) / hours, (mean(steps) + half) / hours];
  return { slope, low: Math.min(slope, from), high: Math.max(slope, to) };
}

function sortedSlopes(points: readonly Point[]): number[] {
  return points
    .flatMap((earlier, index) =>
      points
        .slice(index + 1)
        .map((later) => (later.value - earlier.value) / (later.atHours - earlier.atHours)),
    )
    .sort((a, b) => a - b);
}

/** Interpolates a sorted list at a fractional index; null: outside the list. */
function between(sorted: readonly number[], place: number): number | null {
  const [least = 0, most = 0] = [sorted[0], sorted[sorted.length - 1]];
  // All slopes are equal except for rounding, so there is no uncertainty.
  if (most - least <= ROUNDING * Math.abs(most)) return least;
  if (place < 0 || place > sorted.length - 1) return null;
  const [below = 0, above = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

/** Variance of Kendall's score for independent points. */
function kendallVariance(points: readonly Point[]): number {
  const tied = new Map<number, number>();
  for (const { value } of points) tied.set(value, (tied.get(value) ?? 0) + 1);
  const term = (count: number) => count * (count - 1) * (2 * count + 5);
  const ties = [...tied.values()].reduce((sum, count) => sum + term(count), 0);
  return (term(points.length) - ties) / 18;
}

/** Inflation of the score's variance by autocorrelation, as in an AR(1) series. */
function inflation(detrended: readonly number[]): number {
  const { length } = detrended;
  const correlation = nextCorrelation(detrended);
  let sum = 0;
  for (let lag = 1; lag < length; lag += 1) sum += (1 - lag / length) * correlation ** lag;
  return 1 + 2 * sum;
}

/** A series of a few dozen points cannot show a higher correlation. */
const MAX_CORRELATION = 0.99;

/**
 * Lag-1 autocorrelation, 0 to 1. Removing a short series' own mean and slope biases it low by about
 * (2 + 4ρ) / n, which is corrected (Kendall 1954).
 */
export function nextCorrelation(values: readonly number[]): number {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  let own = 0;
  let next = 0;
  values.forEach((value, index) => {
    own += (value - mean) ** 2;
    if (index > 0) next += (value - mean) * ((values[index - 1] ?? 0) - mean);
  });
  if (own === 0) return 0;
  const corrected = (next / own + 2 / length) / (1 - 4 / length);
  return Math.min(MAX_CORRELATION, Math.max(0, corrected));
}

/** Inflation of a long series' variance by the autocorrelation of its residuals. */
export function inflationOf(residuals: readonly number[]): number {
  const correlation = nextCorrelation(residuals);
  return (1 + correlation) / (1 - correlation);
}
