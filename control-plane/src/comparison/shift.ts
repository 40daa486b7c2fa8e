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
/** With fewer nights the deviation is too uncertain for a statement. */
export const MIN_BASE_NIGHTS = 6;
/** Nights that are looked back on: older ones are in the base, or their change was reported. */
export const MAX_SINCE = 40;

/** How rare a difference must be, two-sided, if there were no change. */
const CHANCES = { suspect: 1e-3, strong: 5e-5 } as const;
type Evidence = keyof typeof CHANCES;

/** One odd night counts no more than a night that comes once in two hundred. */
const CLIP_CHANCE = 5e-3;
/** A smaller change is never a regression, however certain it is. */
const MIN_RATIO = Math.log(1.02);
/** Nor is less than single nights differ by, for nights are never drawn quite independently. */
const MIN_DEVIATIONS = 1;
/** Figures that hardly vary would make every night a change. */
const MIN_DEVIATION = 0.005;
/** A base may show this much of one night in the next; more looks like a change. */
const MAX_CARRIED = 0.7;

/** A creep from the first night on is looked for in so many nights: later ones leave the base. */
const CREEP_NIGHTS = { least: 10, most: 30 } as const;
/** The end of a creep stands for so many nights. */
const CREEP_END_NIGHTS = 3;

/** The base nights that others are compared with, as logarithms. */
export interface Reference {
  nights: number;
  mean: number;
  deviation: number;
  /** Of each night, the share that is found again in the next: 0 to MAX_CARRIED. */
  carried: number;
}

/** How the latest nights differ from the first ones; of logarithms. */
export interface Shift {
  /** Index of the first night of it. */
  from: number;
  against: Reference;
  /** Where the nights are now, and how many of them show it. */
  level: number;
  nights: number;
  /** In multiples of what a suspect takes. */
  weight: number;
  strong: boolean;
}

const criticals = new Map<number, Map<number, number>>();

/** How many standard errors are as rare as `chance`, two-sided. */
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
  // The correlation of few nights comes out too low by one in so many.
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

/** Variance of the mean of so many nights, in that of one, when each carries into the next. */
function meanVariance(nights: number, carried: number): number {
  const rest = carried * (1 - carried ** nights);
  const together = (nights * carried - rest / (1 - carried)) / (1 - carried);
  return (1 + (2 * together) / nights) / nights;
}

/** Standard errors between the mean of `nights` nights and the base; the base's own included. */
function standardError(nights: number, deviation: number, { nights: of, carried }: Reference) {
  return deviation * Math.sqrt(meanVariance(nights, carried) + meanVariance(of, carried));
}

const leastChange = (deviation: number) => Math.max(MIN_RATIO, MIN_DEVIATIONS * deviation);

/**
 * Mean distance from the base of the nights from `from` on, and the deviation of both sides around
 * their own means, as Student's test of two samples has it. Nights are clipped: an odd one would
 * otherwise be the whole mean, and a creep would hide in its own spread.
 */
function clippedSince(from: number, values: readonly number[], against: Reference) {
  const { nights, mean: base, deviation } = against;
  const reach = critical(CLIP_CHANCE, nights - 1) * deviation * Math.sqrt(1 + 1 / nights);
  const since = values.length - from;
  let [total, squares] = [0, 0];
  // Asked of every split of every night of a schedule, so without an array of its own.
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

/** How the nights from `from` on differ from `against`; null: by too little to speak of. */
function shiftFrom(from: number, values: readonly number[], against: Reference): Shift | null {
  const since = values.length - from;
  const { by, deviation } = clippedSince(from, values, against);
  const errors = Math.abs(by) / standardError(since, deviation, against);
  const degrees = since + against.nights - 2;
  const limit = (evidence: Evidence) => critical(CHANCES[evidence], degrees);
  if (errors < limit('suspect')) return null;
  const level = median(values.slice(from));
  if (Math.abs(level - against.mean) < leastChange(deviation)) return null;
  return {
    ...{ from, against, level, nights: since },
    weight: errors / limit('suspect'),
    strong: errors >= limit('strong'),
  };
}

/** What is left of the values around the means of two parts, of the split that leaves least. */
function leastAroundSteps(values: readonly number[]): number {
  const around = (part: readonly number[]) => {
    const middle = mean([...part]);
    return part.reduce((total, value) => total + (value - middle) ** 2, 0);
  };
  const splits = values.slice(1).map((_, before) => before + 1);
  return Math.min(...splits.map((at) => around(values.slice(0, at)) + around(values.slice(at))));
}

/**
 * A straight line through the first nights: where the base itself creeps, no part of it stands
 * still for a step to be seen. null as well where a step fits them better.
 */
function creepOf(values: readonly number[]): Shift | null {
  const nights = values.length;
  if (nights < CREEP_NIGHTS.least || nights > CREEP_NIGHTS.most) return null;
  const { m: slope, b: start } = linearRegression(values.map((value, index) => [index, value]));
  const squares = values.map((value, index) => (value - start - slope * index) ** 2);
  const residual = squares.reduce((total, square) => total + square, 0);
  const deviation = Math.max(Math.sqrt(residual / (nights - 2)), MIN_DEVIATION);
  const grown = slope * (nights - 1);
  if (Math.abs(grown) < leastChange(deviation)) return null;
  // The sum of the squared distances of 0, 1, 2, ... from their mean.
  const spread = (nights * (nights ** 2 - 1)) / 12;
  const errors = (Math.abs(slope) * Math.sqrt(spread)) / deviation;
  const limit = (evidence: Evidence) => critical(CHANCES[evidence], nights - 2);
  if (errors < limit('suspect') || leastAroundSteps(values) < residual) return null;
  return {
    from: 0,
    against: { nights, mean: start, deviation, carried: 0 },
    ...{ level: start + grown, nights: CREEP_END_NIGHTS },
    weight: errors / limit('suspect'),
    strong: errors >= limit('strong'),
  };
}

/**
 * The change that the latest nights show most clearly, of logarithms, oldest first: the first
 * BASE_NIGHTS are the base. Every night since which they could differ is tried: the mean since then
 * is held against the mean of the base by Student's t, with the uncertainty of both. Nights of a
 * base that is not full yet are held against those before them. null: nothing to speak of.
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

/** The smallest lasting change, of logarithms, that so many nights would show. */
export function smallestShift(against: Reference, nights: number): number {
  const error = standardError(nights, against.deviation, against);
  const seen = critical(CHANCES.strong, nights + against.nights - 2) * error;
  return Math.max(seen, leastChange(against.deviation));
}

/** Where a single night like those of the base lies, at 95 %: to both sides of its mean. */
export function nightReach({ nights, deviation }: Reference): number {
  return critical(0.05, nights - 1) * deviation * Math.sqrt(1 + 1 / nights);
}
