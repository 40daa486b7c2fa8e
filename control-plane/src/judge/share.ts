import cdf from '@stdlib/stats-base-dists-beta-cdf';

/**
 * Whether so many of a total are beyond chance more than a share: Clopper-Pearson's exact lower
 * bound of theirs lies above it. `level`: the chance of it when they are not.
 */
export function isMoreThan(share: number, count: number, total: number, level: number): boolean {
  return count > 0 && cdf(share, count, total - count + 1) < level;
}

/** The same of the upper bound, which lies below it. */
export function isLessThan(share: number, count: number, total: number, level: number): boolean {
  return count < total && 1 - cdf(share, count + 1, total - count) < level;
}
