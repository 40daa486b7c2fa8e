import type { ErrorBound } from '@oversoak/contracts';
import quantile from '@stdlib/stats-base-dists-beta-quantile';

const CONFIDENCE = 0.95;

/**
 * What a number of echoes supports: the rate of errors that is ruled out at 95 %. None in n: 3/n, a
 * hair above the exact 1 − 0.05^(1/n); else Clopper-Pearson's, one-sided, by quantiles of the
 * beta distribution. null: no echo. Errors count over the whole run and echoes in the
 * measurement alone, so that the bound errs to the safe side.
 */
export function errorBoundOf(errors: number, echoes: number): ErrorBound | null {
  if (echoes === 0) return null;
  return { errors, echoes, upperRate: Math.min(1, upperRate(errors, echoes)) };
}

function upperRate(errors: number, echoes: number): number {
  if (errors === 0) return 3 / echoes;
  if (errors >= echoes) return 1;
  return quantile(CONFIDENCE, errors + 1, echoes - errors);
}
