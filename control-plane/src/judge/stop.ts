import type { Noise } from './bend.ts';
import { MAX_POINTS, type Point } from './points.ts';

/** The rise may have stopped within this share of a series, at its end. */
const LAST_SHARE = 1 / 6;
/** Fewer points without a rise are chance. */
const MIN_STILL = 3;
/** Each stretch that is tried is longer than the one before by this factor. */
const LONGER = 1.25;
/** One-sided; the most of many stretches of a straight line exceeds it in 1 of 500. */
const STOP_DEVIATIONS = 3.3;
/** A rise that goes on with more than this share of its slope has not stopped. */
const STOP_SHARE = 0.6;
/** Variance of a series without noise, as a share of its squared rise: it keeps the sums finite. */
const MIN_NOISE = 1e-12;

/**
 * Whether a rise stops near its end, as that of a cache which has reached its limit. The straight
 * line is compared with lines that bend at one of the last points, by generalised least squares:
 * a Kalman filter of the noise (a walk under white noise) makes neighbouring points independent.
 * All points are used: a mean of neighbours hides a stop that is younger than they are. `noise`: of
 * the thinned points.
 */
export function stopsRising(points: readonly Point[], noise: Noise): boolean {
  const { length } = points;
  const values = points.map(({ value }) => value);
  const together = Math.max(1, length / MAX_POINTS);
  const rise = (values.at(-1) ?? 0) - (values[0] ?? 0);
  const white = noise.white * together + MIN_NOISE * rise ** 2;
  const walk = noise.walk / together;
  const whitened = (series: readonly number[]) => innovationsOf(series, white, walk);
  const line = whitened(points.map((_point, index) => index));
  const data = whitened(values);
  const slope = dot(line, data) / dot(line, line);
  for (let still = MIN_STILL; still < length * LAST_SHARE; still = Math.ceil(still * LONGER)) {
    const from = length - 1 - still;
    const bent = whitened(points.map((_point, index) => Math.max(0, index - from)));
    const along = dot(bent, line) / dot(line, line);
    const across = bent.map((value, index) => value - along * (line[index] ?? 0));
    const size = dot(across, across);
    const change = dot(across, data) / size;
    const before = slope - change * along;
    if (change * Math.sqrt(size) < -STOP_DEVIATIONS && change < -STOP_SHARE * before) return true;
  }
  return false;
}

/** One-step prediction errors in standard deviations, without the first point (local level model). */
function innovationsOf(series: readonly number[], white: number, walk: number): number[] {
  let [level = 0] = series;
  let uncertain = white;
  return series.slice(1).map((value) => {
    uncertain += walk;
    const error = value - level;
    const scatter = uncertain + white;
    const gain = uncertain / scatter;
    level += gain * error;
    uncertain *= 1 - gain;
    return error / Math.sqrt(scatter);
  });
}

const dot = (left: readonly number[], right: readonly number[]) =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
