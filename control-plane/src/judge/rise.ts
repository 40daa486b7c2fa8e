import type { DriftRise } from '@oversoak/contracts';
import LeastSquares from 'ml-regression-multivariate-linear';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { type Bend, bendOf } from './bend.ts';
import { type Point, parts, spanOf, thinned } from './points.ts';
import { inflationOf } from './slope.ts';
import { stopsRising } from './stop.ts';
import { studentT } from './student-t.ts';

/** The number of parts of a series whose rises are compared with each other. */
const PARTS = 8;
/** Significance level of the mean rise, one-sided. */
const RISE_LEVEL = 0.01;
/** Limit for the quadratic term in standard deviations; 1 in 60 straight lines exceeds it. */
export const BEND_DEVIATIONS = 2.4;
/** Limit for the cubic term, as on the flank of a cycle; 1 in 200 straight lines exceeds it. */
const TURN_DEVIATIONS = 2.8;
/** A bend below this share of the rise is ignored, however significant. */
const MIN_BEND = 0.01;
const MIN_TURN = 0.04;
/** A fill with a time constant of the whole run bends downwards by half of its rise. */
export const FILL_BEND = -0.5;
/** One-sided, 93 %. */
const FILL_DEVIATIONS = 1.5;
/** A slower fill, of 1.5 runs, bends less by this factor. */
const SLOW_FILL = 2 / 3;
/** One-sided, 95 % of what was simulated: the noise is itself an estimate. */
const SLOW_FILL_DEVIATIONS = 2.3;
/** A walk with less of the white noise's variance in each step is not distinguished from it. */
const MIN_WALK = 0.1;
/** A line in regular steps stays within this many of them; a walk of such steps does not. */
const REGULAR_STEPS = 2;

/**
 * Whether a floor rises like a leak: in every part, and as fast at the end as at the start. The
 * rises of the parts are compared with each other, which excludes a random walk. A bent line
 * indicates something that fills, settles, grows as log t or cycles slowly.
 */
export function riseOf(
  points: readonly Point[],
  fillBend = FILL_BEND,
): Exclude<DriftRise, 'few-cycles'> {
  const means = parts(points, PARTS).map((part) => mean(part.map(({ value }) => value)));
  const rises = means.slice(1).map((value, index) => value - (means[index] ?? value));
  const deviation = sampleStandardDeviation(rises);
  const least = studentT(rises.length - 1, 1 - 2 * RISE_LEVEL);
  if (mean(rises) * Math.sqrt(rises.length) <= least * deviation) return 'none';
  const chance = bendOf(thinned(points));
  // Noise that looks like a walk may be steps of equal size in equal time.
  const { walk, white } = chance.noise;
  const walks = walk > MIN_WALK * white && !isRegular(points);
  if (isBent(thinned(points), { ...chance, walks }, fillBend)) return 'bent';
  return stopsRising(points, chance.noise) ? 'bent' : 'steady';
}

/** `walks`: its noise is a walk. */
type Chance = Bend & { walks: boolean };

function isBent(points: readonly Point[], chance: Chance, fillBend: number): boolean {
  const at = atShares(points);
  const values = points.map(({ value }) => value);
  const quadratic = polynomialThrough(at, values, 2);
  const cubic = polynomialThrough(at, values, 3);
  const [, rise = 0, bend = 0] = quadratic.coefficients;
  if (rise <= 0) return true;
  const share = bend / rise;
  if (Math.abs(share) > MIN_BEND && Math.abs(chance.bend) > BEND_DEVIATIONS) return true;
  const error = ((quadratic.errors[2] ?? 0) * Math.sqrt(inflationOf(cubic.residuals))) / rise;
  const least = chance.walks
    ? SLOW_FILL * fillBend + SLOW_FILL_DEVIATIONS * Math.max(error, Math.abs(share / chance.bend))
    : fillBend + FILL_DEVIATIONS * error;
  if (share < least) return true;
  const turn = cubic.coefficients[3] ?? 0;
  return Math.abs(turn / rise) > MIN_TURN && Math.abs(chance.turn) > TURN_DEVIATIONS;
}

/**
 * Whether a line that rises in steps stays as near to a straight one as rounding does. The mix of
 * `bendOf` takes such steps for a walk, in which every fill would be possible.
 */
function isRegular(points: readonly Point[]): boolean {
  const values = points.map(({ value }) => value);
  const { residuals } = polynomialThrough(atShares(points), values, 1);
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? value));
  return rangeOf(residuals) <= REGULAR_STEPS * Math.max(...steps);
}

const rangeOf = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

/** Elapsed shares of the series, from -0.5 to 0.5. */
function atShares(points: readonly Point[]): number[] {
  const [first, span] = [points[0]?.atHours ?? 0, spanOf(points)];
  return points.map(({ atHours }) => (atHours - first) / span - 0.5);
}

/** Least squares. `errors`: standard errors for uncorrelated residuals. */
function polynomialThrough(at: readonly number[], values: readonly number[], degree: number) {
  const powers = at.map((x) => Array.from({ length: degree + 1 }, (_, power) => x ** power));
  const fit = new LeastSquares(
    powers,
    values.map((value) => [value]),
    { intercept: false },
  );
  return {
    coefficients: fit.weights.map(([weight = 0]) => weight),
    errors: fit.stdErrors,
    residuals: powers.map((row, index) => (values[index] ?? 0) - (fit.predict(row)[0] ?? 0)),
  };
}
