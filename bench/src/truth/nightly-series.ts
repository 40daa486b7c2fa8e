import { randomLcg, randomNormal } from 'd3-random';

/** Figures per night, as logarithms around 0. */
export type Nightly = (nights: number) => number[];

/** Reproducible random numbers. */
export interface Chance {
  /** From 0 to 1. */
  uniform(): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
}

export function chanceOf(seed: number): Chance {
  const uniform = randomLcg(seed);
  return { uniform, normal: randomNormal.source(uniform)(0, 1) };
}

const each = (nights: number, value: (index: number) => number) =>
  Array.from({ length: nights }, (_, index) => value(index));

const WEEK = 7;
const MONTH = 30;
const WORKDAYS = 5;

/** Kinds of nights without a change, with standard deviation 1. */
export const KINDS: Record<string, (chance: Chance) => Nightly> = {
  normal:
    ({ normal }) =>
    (nights) =>
      each(nights, normal),
  /** Student's t with three degrees of freedom, whose standard deviation is √3. */
  'heavy-tailed':
    ({ normal }) =>
    (nights) =>
      each(nights, () => normal() / Math.sqrt(normal() ** 2 + normal() ** 2 + normal() ** 2)),
  'AR(1) 0.3': autoregressive(0.3),
  'AR(1) 0.5': autoregressive(0.5),
  'one night in twenty far out':
    ({ uniform, normal }) =>
    (nights) =>
      each(nights, () => 0.9 * normal() + (uniform() < 0.05 ? 6 * uniform() : 0)),
  skewed:
    ({ uniform }) =>
    (nights) =>
      each(nights, () => -Math.log(1 - uniform()) - 1),
  'either of two machines':
    ({ uniform, normal }) =>
    (nights) =>
      each(nights, () => (uniform() < 0.5 ? -0.95 : 0.95) + 0.3 * normal()),
  'a level of its own every few nights':
    ({ uniform, normal }) =>
    (nights) => {
      let level = normal();
      return each(nights, () => {
        if (uniform() < 0.25) level = normal();
        return 0.6 * level + 0.8 * normal();
      });
    },
};

/** Kinds of nights without a change that depend on each other or on the date. */
export const DEPENDENT: Record<string, (chance: Chance) => Nightly> = {
  'mean of 4 neighbours, MA(3)': movingAverage([1, 1, 1, 1]),
  'weighted mean of 3 neighbours, MA(2)': movingAverage([1, 0.9, 0.6]),
  'slow month ends': monthEnds,
  'a cycle of 30 nights, ±0.5': cycle(30, 0.5),
  'a cycle of 30 nights, ±1': cycle(30, 1),
  'a cycle of 30 nights, ±2': cycle(30, 2),
};

/** Means of neighbouring independent nights with these weights, oldest last. */
function movingAverage(weights: readonly number[]): (chance: Chance) => Nightly {
  const size = Math.sqrt(weights.reduce((sum, weight) => sum + weight ** 2, 0));
  return ({ normal }) =>
    (nights) => {
      const own = each(nights + weights.length, normal);
      return each(nights, (index) =>
        weights.reduce((sum, weight, back) => {
          return sum + (weight / size) * (own[index + weights.length - 1 - back] ?? 0);
        }, 0),
      );
    };
}

/** One or two nights of every 30 are slower by 6 deviations. */
function monthEnds({ uniform, normal }: Chance): Nightly {
  return (nights) => {
    const first = Math.floor(MONTH * uniform());
    let slow = 0;
    return each(nights, (index) => {
      if ((index + first) % MONTH === 0) slow = uniform() < 0.5 ? 1 : 2;
      slow -= 1;
      return normal() + (slow >= 0 ? 6 : 0);
    });
  };
}

/** A cycle with this amplitude, on top of independent nights. */
function cycle(period: number, amplitude: number): (chance: Chance) => Nightly {
  return ({ uniform, normal }) =>
    (nights) => {
      const phase = uniform();
      return each(
        nights,
        (index) => amplitude * Math.sin(2 * Math.PI * (index / period + phase)) + normal(),
      );
    };
}

/** Each night keeps this share of the previous one. */
function autoregressive(share: number): (chance: Chance) => Nightly {
  return ({ normal }) =>
    (nights) => {
      let value = normal();
      return each(nights, () => {
        const now = value;
        value = share * value + Math.sqrt(1 - share ** 2) * normal();
        return now;
      });
    };
}

/**
 * 3 % higher on workdays than the mean and 3 % lower at weekends, or the reverse, plus the noise.
 */
export function weekly({ uniform, normal }: Chance, noise: number): Nightly {
  return (nights) => {
    const first = Math.floor(WEEK * uniform());
    const height = uniform() < 0.5 ? 0.03 : -0.03;
    return each(nights, (index) => {
      const isWorkday = (index + first) % WEEK < WORKDAYS;
      return (isWorkday ? height : -height) + noise * normal();
    });
  };
}

/** The series with `change` added from night `at` on; `change` counts nights from 1. */
export function changed(series: Nightly, at: number, change: (night: number) => number): Nightly {
  return (nights) =>
    series(nights).map((value, index) => (index < at ? value : value + change(index - at + 1)));
}
