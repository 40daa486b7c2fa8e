import {
  linearRegression,
  mean,
  median,
  sampleCorrelation,
  sampleStandardDeviation,
} from 'simple-statistics';
import { studentT } from '../judge/student-t.ts';

/** The first nights of a schedule that form its base. */
export const BASE_NIGHTS = 20;
/** With fewer nights, the deviation is too uncertain for any statement. */
export const MIN_BASE_NIGHTS = 6;
/** Nights tried as the start of a change: older ones are in the base or were reported. */
export const MAX_SINCE = 40;

/** Two-sided probability of a difference without a change, below which it counts. */
const CHANCES = { suspect: 1e-3, strong: 5e-5 } as const;
type Evidence = keyof typeof CHANCES;

/** Clips an odd night at the distance that one night in two hundred exceeds. */
const CLIP_CHANCE = 5e-3;
/** A smaller change is never a regression, however significant. */
const MIN_RATIO = Math.log(1.02);
/** Nor is a change smaller than the usual difference of nights, which are not fully independent. */
const MIN_DEVIATIONS = 1;
/** Without it, figures that hardly vary would make every night a change. */
const MIN_DEVIATION = 0.005;
/** Upper limit of a base's autocorrelation; more looks like a change. */
const MAX_CARRIED = 0.7;

/** Numbers of nights in which a creep from the first night on is tested. */
const CREEP_NIGHTS = { least: 10, most: 30 } as const;
/** The level at the end of a creep counts as this many nights. */
const CREEP_END_NIGHTS = 3;

/** Statistics of the base nights, of logarithms. */
export interface Reference {
  nights: number;
  mean: number;
  deviation: number;
  /** Correlation of neighbouring nights, 0 to MAX_CARRIED. */
  carried: number;
}

/** A difference of the latest nights from the base, of logarithms. */
export interface Shift {
  /** Index of its first night. */
  from: number;
  against: Reference;
  /** The new level, and the number of nights that show it. */
  level: number;
  nights: number;
  /** Significance as a multiple of the limit for a suspect. */
  weight: number;
  strong: boolean;
}

const criticals = new Map<number, Map<number, number>>();

/** Standard errors that are exceeded with probability `chance`, two-sided. */
function critical(chance: number, degrees: number): number {
  const known = criticals.get(chance) ?? new Map<number, number>();
  criticals.set(chance, known);
  const value = known.get(degrees) ?? studentT(degrees, 1 - chance);
  known.set(degrees, value);
  return value;
}

export function referenceOf(values: readonly number[]): Reference {
  const nights = values.length;
  const found = nights < 2 ? 0 : sampleStandardDeviation([...values]);
  const deviation = Math.max(found, MIN_DEVIATION);
  // The sample correlation is biased low by about 1 / n.
  const carried =
    found < MIN_DEVIATION || nights < MIN_BASE_NIGHTS
      ? 0
      : sampleCorrelation(values.slice(0, -1), values.slice(1)) + 1 / nights;
  return {
    nights,
    mean: mean([...values]),
    deviation,
    carried: Math.min(Math.max(carried, 0), MAX_CARRIED),
  };
}

/** Variance of the mean of correlated nights, in units of one night's variance. */
function meanVariance(nights: number, carried: number): number {
  const rest = carried * (1 - carried ** nights);
  const together = (nights * carried - rest / (1 - carried)) / (1 - carried);
  return (1 + (2 * together) / nights) / nights;
}

/** Standard error of the difference between the mean of `nights` nights and the base's mean. */
function standardError(nights: number, deviation: number, { nights: of, carried }: Reference) {
  return deviation * Math.sqrt(meanVariance(nights, carried) + meanVariance(of, carried));
}

const minChange = (deviation: number) => Math.max(MIN_RATIO, MIN_DEVIATIONS * deviation);

/**
 * Mean distance from the base of the nights from `from` on, and the pooled deviation of Student's
 * two-sample test. Nights are clipped: otherwise one odd night could dominate the mean, and a creep
 * could hide in its own spread.
 */
function clippedSince(from: number, values: readonly number[], against: Reference) {
  const { nights, mean: base, deviation } = against;
  const reach = critical(CLIP_CHANCE, nights - 1) * deviation * Math.sqrt(1 + 1 / nights);
  const since = values.length - from;
  let [total, squares] = [0, 0];
  // Runs for every split of every night, so it allocates no array.
  for (let index = from; index < values.length; index++) {
    const by = Math.min(Math.max((values[index] ?? base) - base, -reach), reach);
    total += by;
    squares += by * by;
  }
  const own = Math.max(squares - (total * total) / since, 0);
  const pooled = (own + deviation ** 2 * (nights - 1)) / (since + nights - 2);
  const together = since < 2 ? deviation : Math.max(Math.sqrt(pooled), MIN_DEVIATION);
  return { by: total / since, deviation: together };
}

/** The shift of the nights from `from` on; null: not significant or too small. */
function shiftFrom(from: number, values: readonly number[], against: Reference): Shift | null {
  const since = values.length - from;
  const { by, deviation } = clippedSince(from, values, against);
  const errors = Math.abs(by) / standardError(since, deviation, against);
  const degrees = since + against.nights - 2;
  const limit = (evidence: Evidence) => critical(CHANCES[evidence], degrees);
  if (errors < limit('suspect')) return null;
  const level = median(values.slice(from));
  if (Math.abs(level - against.mean) < minChange(deviation)) return null;
  return {
    ...{ from, against, level, nights: since },
    weight: errors / limit('suspect'),
    strong: errors >= limit('strong'),
  };
}

/** The smallest residual sum of squares around a step at any position. */
function minAroundSteps(values: readonly number[]): number {
  const around = (part: readonly number[]) => {
    const middle = mean([...part]);
    return part.reduce((total, value) => total + (value - middle) ** 2, 0);
  };
  const splits = values.slice(1).map((_, before) => before + 1);
  return Math.min(...splits.map((at) => around(values.slice(0, at)) + around(values.slice(at))));
}

/**
 * Fits a straight line to the first nights: if the base itself creeps, no part of it is stable
 * enough to show a step. null: no significant creep, or a step fits better.
 */
function creepOf(values: readonly number[]): Shift | null {
  const nights = values.length;
  if (nights < CREEP_NIGHTS.least || nights > CREEP_NIGHTS.most) return null;
  const { m: slope, b: start } = linearRegression(values.map((value, index) => [index, value]));
  const squares = values.map((value, index) => (value - start - slope * index) ** 2);
  const residual = squares.reduce((total, square) => total + square, 0);
  const deviation = Math.max(Math.sqrt(residual / (nights - 2)), MIN_DEVIATION);
  const grown = slope * (nights - 1);
  if (Math.abs(grown) < minChange(deviation)) return null;
  // Sum of squared distances of 0, 1, 2, ... from their mean.
  const spread = (nights * (nights ** 2 - 1)) / 12;
  const errors = (Math.abs(slope) * Math.sqrt(spread)) / deviation;
  const limit = (evidence: Evidence) => critical(CHANCES[evidence], nights - 2);
  if (errors < limit('suspect') || minAroundSteps(values) < residual) return null;
  return {
    from: 0,
    against: { nights, mean: start, deviation, carried: 0 },
    ...{ level: start + grown, nights: CREEP_END_NIGHTS },
    weight: errors / limit('suspect'),
    strong: errors >= limit('strong'),
  };
}

/**
 * The most significant change that the latest nights show. `values`: logarithms, oldest first; the
 * first BASE_NIGHTS are the base. Tries every possible start of a change, and compares the mean
 * since then with the mean of the base by Student's t, with the uncertainty of both. While the base
 * is incomplete, nights are compared with the nights before them. null: no significant change.
 */
export function shiftOf(values: readonly number[]): Shift | null {
  const earliest = Math.max(MIN_BASE_NIGHTS, values.length - MAX_SINCE);
  const whole = referenceOf(values.slice(0, BASE_NIGHTS));
  let best = creepOf(values);
  for (let from = earliest; from < values.length; from++) {
    const against = from < BASE_NIGHTS ? referenceOf(values.slice(0, from)) : whole;
    const shift = shiftFrom(from, values, against);
    if (shift !== null && shift.weight > (best?.weight ?? 0)) best = shift;
  }
  return best;
}

/** The smallest lasting change, of logarithms, that `nights` nights would show. */
export function smallestShift(against: Reference, nights: number): number {
  const error = standardError(nights, against.deviation, against);
  const seen = critical(CHANCES.strong, nights + against.nights - 2) * error;
  return Math.max(seen, minChange(against.deviation));
}

/** Half of the 95 % prediction interval of a single night without a change. */
export function nightReach({ nights, deviation }: Reference): number {
  return critical(0.05, nights - 1) * deviation * Math.sqrt(1 + 1 / nights);
}
