import cdf from '@stdlib/stats-base-dists-beta-cdf';

/**
 * Whether `count` of `total` is significantly more than `share`: Clopper-Pearson's exact lower
 * bound is above it. `level`: the significance level.
 */
export function isMoreThan(share: number, count: number, total: number, level: number): boolean {
  return count > 0 && cdf(share, count, total - count + 1) < level;
}

/** Whether it is significantly less: the upper bound is below `share`. */
export function isLessThan(share: number, count: number, total: number, level: number): boolean {
  return count < total && 1 - cdf(share, count + 1, total - count) < level;
}
