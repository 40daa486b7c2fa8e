import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type Random = () => number;

/** Numbers until those of neighbouring seeds have nothing in common. */
const SETTLING = 20;

/** The same numbers for the same seed. */
export function seeded(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  for (let drawn = 0; drawn < SETTLING; drawn++) generator.next();
  return () => uniformFloat64(generator);
}

/** Standard normal, by Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
