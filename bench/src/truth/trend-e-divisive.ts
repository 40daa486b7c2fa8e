import { randomLcg } from 'd3-random';
import { shuffle } from 'simple-statistics';

/** Number of nights that are examined together; an older change has already been reported. */
const MAX_NIGHTS = 40;
const MIN_NIGHTS = 8;
/** Minimum number of nights on each side of a change. */
const MIN_SIDE = 3;
/**
 * Number of permutations. A change is reported when none of them separates the values further: p <
 * 0.002.
 */
const PERMUTATIONS = 499;
const SEED = 0.6;

/**
 * The energy statistic of E-divisive (Matteson and James, 2014), alpha 1, of the split that
 * separates the values most: the distance between the sides minus that within them.
 */
function maxEnergy(values: readonly number[]): number {
  const count = values.length;
  const distance = (value: number, of: readonly number[]) =>
    of.reduce((total, other) => total + Math.abs(value - other), 0);
  let [within, across] = [0, 0];
  let beyond = values.reduce((total, value, index) => {
    return total + distance(value, values.slice(index + 1));
  }, 0);
  let most = 0;
  for (const [index, value] of values.entries()) {
    const before = distance(value, values.slice(0, index));
    const after = distance(value, values.slice(index + 1));
    within += before;
    beyond -= after;
    across += after - before;
    const [left, right] = [index + 1, count - index - 1];
    if (left < MIN_SIDE || right < MIN_SIDE) continue;
    const pairs = (of: number) => (of * (of - 1)) / 2;
    const energy = (2 * across) / (left * right) - within / pairs(left) - beyond / pairs(right);
    most = Math.max(most, (energy * left * right) / count);
  }
  return most;
}

/** Per night: whether E-divisive finds a change in the nights up to then. */
export function eDivisive(values: readonly number[]): boolean[] {
  const random = randomLcg(SEED);
  return values.map((_, index) => {
    const nights = values.slice(Math.max(0, index + 1 - MAX_NIGHTS), index + 1);
    if (nights.length < MIN_NIGHTS) return false;
    const found = maxEnergy(nights);
    for (let drawn = 0; drawn < PERMUTATIONS; drawn++) {
      if (maxEnergy(shuffle(nights, random)) >= found) return false;
    }
    return true;
  });
}
