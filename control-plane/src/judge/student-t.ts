import { INTERVAL_PERCENT } from '@oversoak/contracts';
import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** Half-width of a confidence interval in standard errors. */
export function studentT(df: number, confidence = INTERVAL_PERCENT / 100): number {
  return quantile((1 + confidence) / 2, df);
}

/** Two-sided p-value of t. */
export function twoSidedP(t: number, df: number): number {
  return 2 * cdf(-Math.abs(t), df);
}

/** Distance beyond the interval, in standard errors, at which a change is detected with `power`. */
export function powerT(df: number, power: number): number {
  return quantile(power, df);
}
