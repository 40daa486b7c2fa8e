import type { ErrorBound } from '@oversoak/contracts';
import quantile from '@stdlib/stats-base-dists-beta-quantile';

const CONFIDENCE = 0.95;

/**
 * The one-sided 95 % upper bound of the error rate. Without errors: 3/n, slightly above the exact
 * 1 − 0.05^(1/n); else Clopper-Pearson, by quantiles of the beta distribution. null: no echo.
 * Errors count over the whole run but echoes only in the measurement, so it is conservative.
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
