import { randomLcg, randomNormal, randomUniform } from 'd3-random';

/** Seeded random numbers for a family of simulations. */
export interface Chance {
  /** From 0 to 1. */
  uniform(): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
}

export function seededChance(seed: number): Chance {
  const source = randomLcg(seed);
  return {
    uniform: randomUniform.source(source)(),
    normal: randomNormal.source(source)(),
  };
}

/** Kinds of noise with mean 0 and, except for the heavy-tailed ones, standard deviation 1. */
export const NOISES: Record<string, (chance: Chance) => number> = {
  normal: ({ normal }) => normal(),
  'heavy-tailed (t, 3 df)': ({ normal }) => studentT(normal, 3) / Math.sqrt(3),
  'heavy-tailed (t, 2 df)': ({ normal }) => studentT(normal, 2) / Math.sqrt(2),
  'skewed (exponential)': ({ uniform }) => -Math.log(1 - uniform()) - 1,
  'a tenth disturbed': ({ uniform, normal }) =>
    uniform() < 0.1 ? 3 * Math.abs(normal()) : normal() / 3,
};

/** Student's t: a normal divided by the root of a mean of squared normals. */
function studentT(normal: () => number, df: number): number {
  const squares = Array.from({ length: df }, () => normal() ** 2);
  return normal() / Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / df);
}
