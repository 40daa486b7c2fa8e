import { INTERVAL_PERCENT } from '@oversoak/contracts';
import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** How many standard errors an interval reaches to each side. */
export function studentT(df: number, confidence = INTERVAL_PERCENT / 100): number {
  return quantile((1 + confidence) / 2, df);
}

/** The chance of a t at least as far from 0, on either side. */
export function twoSidedP(t: number, df: number): number {
  return 2 * cdf(-Math.abs(t), df);
}

/** How many standard errors a change must be beyond an interval's reach to be seen so often. */
export function powerT(df: number, power: number): number {
  return quantile(power, df);
}
