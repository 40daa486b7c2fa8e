import {
  type CellDifference,
  DIFFERENCE_METRICS,
  type DifferenceMetric,
  isOfZones,
  type MetricDifference,
} from '@oversoak/contracts';
import { meanOfRepeats, type RatioOfRepeats, ratioOfRepeats } from './ratio-of-repeats.ts';
import type { Repeat } from './repeat.ts';

/** One side of a comparison of two: the runs of a cell with a sound load. */
export interface CellRepeats {
  key: string;
  repeats: readonly Repeat[];
}

/** The repeats of a cell that have this figure. */
export function valuesOf({ repeats }: CellRepeats, metric: DifferenceMetric) {
  return repeats.flatMap(({ repeat, figures }) => {
    const value = figures[metric];
    return value === null ? [] : [{ repeat, value }];
  });
}

export const isAboveZero = ({ value }: { value: number }) => value > 0;

function whyUnknown(left: readonly { value: number }[], right: readonly { value: number }[]) {
  const sides = [left, right];
  if (sides.some(({ length }) => length === 0)) return 'no figure';
  if (!sides.flat().every(isAboveZero)) return 'a figure is 0';
  return sides.some(({ length }) => length === 1) ? 'one repeat allows no claim' : null;
}

function wordOf({ low, high }: RatioOfRepeats): MetricDifference['difference'] {
  if (low <= 1 && high >= 1) return 'none';
  return high < 1 ? 'lower' : 'higher';
}

function metricDifference(
  metric: DifferenceMetric,
  leftCell: CellRepeats,
  rightCell: CellRepeats,
  interleaved: boolean,
): MetricDifference {
  const [left, right] = [valuesOf(leftCell, metric), valuesOf(rightCell, metric)];
  const why = whyUnknown(left, right);
  const found = why === null ? ratioOfRepeats(left, right, interleaved) : null;
  const middle = (side: typeof left) =>
    side.length > 0 && side.every(isAboveZero) ? meanOfRepeats(side).value : null;
  const [ofLeft, ofRight] = [middle(left), middle(right)];
  return {
    metric,
    unit: DIFFERENCE_METRICS[metric],
    left: ofLeft,
    right: ofRight,
    ratio: found?.ratio ?? (ofLeft === null || ofRight === null ? null : ofRight / ofLeft),
    low: found?.low ?? null,
    high: found?.high ?? null,
    smallestSeen: found?.smallestSeen ?? null,
    leftRepeats: left.length,
    rightRepeats: right.length,
    paired: found?.paired ?? false,
    difference: found === null ? 'unknown' : wordOf(found),
    why,
  };
}

/** Compares every metric of two cells. `interleaved`: their repeats alternated in one soak. */
export function cellDifference(
  left: CellRepeats,
  right: CellRepeats,
  interleaved: boolean,
): CellDifference {
  const has = (metric: DifferenceMetric) =>
    [left, right].some((side) => valuesOf(side, metric).length > 0);
  const metrics = (Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[]).filter(
    (metric) => !isOfZones(metric) || has(metric),
  );
  return {
    left: left.key,
    right: right.key,
    metrics: metrics.map((metric) => metricDifference(metric, left, right, interleaved)),
  };
}
