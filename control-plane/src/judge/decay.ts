import LeastSquares from 'ml-regression-multivariate-linear';
import { type Point, spanOf } from './points.ts';
import { inflationOf } from './slope.ts';

/** Time constants of a decay that are tried, as shares of the series. */
const CONSTANTS = Array.from({ length: 40 }, (_, index) => 0.08 * 1.1 ** index);
/** Normal quantile of a two-sided interval with 95 %. */
const Z = 1.959964;

/** Neighbouring residuals of a shape that fits are not more alike. */
const MAX_CORRELATION = 0.6;
/** Shares of the series that are left out, until the rest decays like one exponential. */
const STARTS = [0, 0.25, 0.5];

interface Fit {
  slope: number;
  error: number;
  squares: number;
  inflation: number;
}

/**
 * The upper end of the slope under a decay, per hour: a line plus a falling exponential is fitted,
 * whose time constant is one of those that the noise allows (profile likelihood). null: no decay
 * fits.
 */
export function slopeUnderDecay(points: readonly Point[]): number | null {
  let high: number | null = null;
  for (const start of STARTS) {
    const rest = points.slice(Math.floor(start * points.length));
    const fits = decaysOf(rest);
    const best = fits.reduce<Fit | null>(
      (least, fit) => (least === null || fit.squares < least.squares ? fit : least),
      null,
    );
    if (best === null) return null;
    const most = best.squares * (1 + (Z ** 2 * best.inflation) / rest.length);
    // One more: the true constant may lie between two that are tried.
    const slowest = fits.findLastIndex(({ squares }) => squares <= most) + 1;
    const highs = fits
      .filter(({ squares }, index) => squares <= most || index === slowest)
      .map(({ slope, error, inflation }) => slope + Z * error * Math.sqrt(inflation));
    high = Math.max(...highs) / spanOf(rest);
    if (best.inflation < (1 + MAX_CORRELATION) / (1 - MAX_CORRELATION)) return high;
  }
  return high;
}

function decaysOf(points: readonly Point[]): Fit[] {
  const [first, span] = [points[0]?.atHours ?? 0, spanOf(points)];
  const values = points.map(({ value }) => [value]);
  return CONSTANTS.flatMap((constant) => {
    const rows = points.map(({ atHours }) => {
      const at = (atHours - first) / span;
      return [1, at, Math.exp(-at / constant)];
    });
    const fit = new LeastSquares(rows, values, { intercept: false });
    const [, [slope = 0] = [], [height = 0] = []] = fit.weights;
    if (height <= 0) return [];
    const rest = rows.map((row, index) => (values[index]?.[0] ?? 0) - (fit.predict(row)[0] ?? 0));
    const squares = rest.reduce((sum, value) => sum + value ** 2, 0);
    return [{ slope, error: fit.stdErrors[1] ?? 0, squares, inflation: inflationOf(rest) }];
  });
}
