import { INTERVAL_PERCENT, POWER_PERCENT } from '@oversoak/contracts';
import fQuantile from '@stdlib/stats-base-dists-f-quantile';
import { mean, sampleVariance } from 'simple-statistics';
import { powerT, studentT, twoSidedP } from '../judge/student-t.ts';

/** One figure of one repeat. */
export interface RepeatValue {
  repeat: number;
  /** Above 0, because its logarithm is compared. */
  value: number;
}

export interface RatioOfRepeats {
  /** Ratio of the geometric means, right / left. */
  ratio: number;
  low: number;
  high: number;
  /** Probability of a ratio at least this extreme between equal cells. */
  p: number;
  /** Above 1: the smallest change that is detected with a power of POWER_PERCENT. */
  smallestSeen: number;
  paired: boolean;
}

/** A histogram's values are accurate to 0.1 %, the ratio of two to twice that. */
export const RESOLUTION = Math.log(1.002);

/** Bounds the interval of widely scattered repeats, because JSON has no infinity. */
const MAX_REACH = Math.log(1e9);

/** Confidence that repeats are correlated, above which they are compared as pairs. */
const TOGETHER = 0.975;

/** A difference of logarithms with its standard error and degrees of freedom. */
interface Estimate {
  difference: number;
  error: number;
  df: number;
  paired: boolean;
}

const logs = (side: readonly RepeatValue[]) => side.map(({ value }) => Math.log(value));

/** Welch's test: the sides may have different variances. */
function ofTwoGroups(left: readonly number[], right: readonly number[]): Estimate {
  const [ofLeft, ofRight] = [left, right].map((side) => sampleVariance([...side]) / side.length);
  const [a = 0, b = 0] = [ofLeft, ofRight];
  const error = Math.sqrt(a + b);
  const [leftDf, rightDf] = [left.length - 1, right.length - 1];
  const df = error === 0 ? leftDf + rightDf : (a + b) ** 2 / (a ** 2 / leftDf + b ** 2 / rightDf);
  return { difference: mean([...right]) - mean([...left]), error, df, paired: false };
}

/**
 * Interleaved repeats share conditions: a machine that is slow for an hour slows down both sides.
 * Then the sums of the pairs scatter more than their differences, and a paired test detects more.
 * Without shared conditions it detects less, with half the degrees of freedom. Two groups are valid
 * in both cases, so repeats are paired only if the F test is significant.
 */
function ofPairs(pairs: readonly { left: number; right: number }[]): Estimate | null {
  if (pairs.length < 2) return null;
  const differences = pairs.map(({ left, right }) => right - left);
  const apart = sampleVariance(differences);
  const common = sampleVariance(pairs.map(({ left, right }) => right + left));
  const df = pairs.length - 1;
  if (common <= apart * fQuantile(TOGETHER, df, df)) return null;
  return {
    difference: mean(differences),
    error: Math.sqrt(apart / pairs.length),
    df,
    paired: true,
  };
}

function pairsOf(left: readonly RepeatValue[], right: readonly RepeatValue[]) {
  return left.flatMap(({ repeat, value }) => {
    const like = right.find((other) => other.repeat === repeat);
    return like === undefined ? [] : [{ left: Math.log(value), right: Math.log(like.value) }];
  });
}

const bounded = (reach: number) => Math.min(MAX_REACH, Math.max(RESOLUTION, reach));

/** Standard deviation of the logarithms within cells: what the repeats of a soak usually scatter by. */
export function usualScatterOf(cells: readonly (readonly RepeatValue[])[]): number {
  const variances = cells.filter(({ length }) => length > 1).map((of) => sampleVariance(logs(of)));
  return variances.length === 0 ? 0 : Math.sqrt(mean(variances));
}

/** Figures with few levels agree by chance, so a side without scatter is given the usual one. */
function leastError(sides: readonly (readonly RepeatValue[])[], usualScatter: number): number {
  const agrees = sides.some((side) => sampleVariance(logs(side)) < RESOLUTION ** 2);
  return agrees
    ? usualScatter * Math.sqrt(sides.reduce((sum, { length }) => sum + 1 / length, 0))
    : 0;
}

/**
 * Student's t on the logarithms of the repeats' figures. `interleaved`: repeats of the same number
 * alternated in one soak. `usualScatter`: of the soak's other cells, if they are known. Throws
 * RangeError with fewer than two repeats on a side.
 */
export function ratioOfRepeats(
  left: readonly RepeatValue[],
  right: readonly RepeatValue[],
  interleaved: boolean,
  usualScatter = 0,
): RatioOfRepeats {
  if (left.length < 2 || right.length < 2) {
    throw new RangeError(`${left.length} and ${right.length} repeats; each side needs 2`);
  }
  const pairs = interleaved ? ofPairs(pairsOf(left, right)) : null;
  const { difference, df, paired, ...of } = pairs ?? ofTwoGroups(logs(left), logs(right));
  const error = Math.max(of.error, leastError([left, right], usualScatter));
  const reach = bounded(studentT(df) * error);
  const seen = bounded((studentT(df) + powerT(df, POWER_PERCENT / 100)) * error);
  // A difference below the resolution is not significant, however little the repeats scatter.
  const resolved = Math.abs(difference) > RESOLUTION;
  return {
    ratio: Math.exp(difference),
    low: Math.exp(difference - reach),
    high: Math.exp(difference + reach),
    p: resolved ? (error === 0 ? 0 : twoSidedP(difference / error, df)) : 1,
    smallestSeen: Math.exp(seen),
    paired,
  };
}

/** The geometric mean of one cell's repeats and its interval; null with one repeat. */
export function meanOfRepeats(values: readonly RepeatValue[]) {
  const of = logs(values);
  const middle = mean(of);
  if (of.length < 2) return { value: Math.exp(middle), interval: null };
  const reach = Math.min(
    MAX_REACH,
    studentT(of.length - 1) * Math.sqrt(sampleVariance(of) / of.length),
  );
  const interval = { low: Math.exp(middle - reach), high: Math.exp(middle + reach) };
  return { value: Math.exp(middle), interval };
}

/** The practical limit; a change that needs more repeats counts as undetectable. */
const MAX_REPEATS = 100;

/**
 * Repeats of each cell that are needed to detect `change`, a ratio above 1, if they scatter by
 * `scatter` (a standard deviation of logarithms) and `pairs` pairs are compared at once.
 */
export function repeatsNeeded(change: number, scatter: number, pairs: number): number {
  const confidence = 1 - (1 - INTERVAL_PERCENT / 100) / pairs;
  for (let repeats = 2; repeats < MAX_REPEATS; repeats++) {
    const df = 2 * (repeats - 1);
    const errors = studentT(df, confidence) + powerT(df, POWER_PERCENT / 100);
    if (errors * scatter * Math.sqrt(2 / repeats) <= Math.log(change)) return repeats;
  }
  return MAX_REPEATS;
}
