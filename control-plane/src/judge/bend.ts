import { mean } from 'simple-statistics';
import { type Point, spanOf } from './points.ts';

const QUADRATIC = 2;
const CUBIC = 3;
/** Cosines of fewer half-waves are what a cubic takes away. */
const FIRST_WAVE = 5;
/** Variances of a walk's steps that are tried, as shares of the white noise's variance. */
const WALKS = [0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 1000];
/**
 * By how much a walk must be likelier than white noise alone (twice the log-likelihood), or it is
 * taken for chance: its variance and its being tried at all cost about 2 each.
 */
const WALK_COST = 4;

/** Variances of what a series has besides its shape. */
export interface Noise {
  white: number;
  /** Of each step of a walk; 0: none is seen. */
  walk: number;
}

/** How far a series is from a straight line. */
export interface Bend {
  /** Its quadratic term, in standard deviations of the noise's own. */
  bend: number;
  /** Its cubic term, as on the flank of a cycle, likewise. */
  turn: number;
  noise: Noise;
}

/**
 * The bend of at least six points. A figure of a process is white noise (rounding, buffers) and a
 * walk (memory that is taken in blocks and kept), and a walk bends at every scale: its share decides
 * which bend is chance. Both are estimated from what a cubic leaves over, by the likelihood of its
 * cosine transform, whose terms are independent for white noise and nearly so for a walk (Whittle
 * 1953). A walk has the variance 1/2(2k - 1)(2k + 3) in its Legendre term of degree k, per step and
 * squared length; this follows from its covariance min(s, t). A walk that the noise hides at all
 * but the slowest scales is taken for noise: then a straight line can look bent.
 */
export function bendOf(points: readonly Point[]): Bend {
  const { length } = points;
  const values = points.map(({ value }) => value);
  const basis = legendre(points, CUBIC);
  const terms = basis.map((polynomial) => dot(polynomial, values));
  const rest = values.map(
    (value, i) =>
      value -
      dot(
        terms,
        basis.map((polynomial) => polynomial[i] ?? 0),
      ),
  );
  const noise = noiseOf(rest);
  const inDeviations = (degree: number) => {
    const walk = length ** 2 / (2 * (2 * degree - 1) * (2 * degree + 3));
    return (terms[degree] ?? 0) / Math.sqrt(noise.white + noise.walk * walk);
  };
  return { bend: inDeviations(QUADRATIC), turn: inDeviations(CUBIC), noise };
}

/** Orthonormal polynomials over the points, by their recurrence (Forsythe 1957). */
function legendre(points: readonly Point[], degrees: number): number[][] {
  const [first, span] = [points[0]?.atHours ?? 0, spanOf(points)];
  const at = points.map(({ atHours }) => (2 * (atHours - first)) / span - 1);
  const all: number[][] = [];
  let last = at.map(() => 0);
  let next = at.map(() => 1);
  for (let degree = 0; degree <= degrees; degree += 1) {
    const size = Math.sqrt(dot(next, next));
    const now = next.map((value) => value / size);
    all.push(now);
    const raised = now.map((value, i) => value * (at[i] ?? 0));
    const [onNow, onLast] = [dot(raised, now), dot(raised, last)];
    next = raised.map((value, i) => value - onNow * (now[i] ?? 0) - onLast * (last[i] ?? 0));
    last = now;
  }
  return all;
}

/** The likeliest variances of white noise and of a walk's steps. */
function noiseOf(rest: readonly number[]): Noise {
  const { length } = rest;
  const waves = Array.from({ length: length - FIRST_WAVE }, (_, index) => {
    const turn = (Math.PI * (index + FIRST_WAVE)) / length;
    const wave = rest.map((_value, i) => Math.cos(turn * (i + 0.5)));
    return { power: (2 / length) * dot(wave, rest) ** 2, walk: 1 / (2 - 2 * Math.cos(turn)) };
  });
  let best = { cost: Number.POSITIVE_INFINITY, white: 0, walk: 0 };
  for (const share of WALKS) {
    const shapes = waves.map(({ walk }) => 1 + share * walk);
    const white = mean(waves.map(({ power }, i) => power / (shapes[i] ?? 1)));
    const cost =
      Math.log(white) + mean(shapes.map(Math.log)) + (share > 0 ? WALK_COST / waves.length : 0);
    if (cost < best.cost) best = { cost, white, walk: share * white };
  }
  return best;
}

const dot = (left: readonly number[], right: readonly number[]) =>
  left.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0);
