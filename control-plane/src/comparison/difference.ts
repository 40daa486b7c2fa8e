import {
  type CellDifference,
  DIFFERENCE_METRICS,
  type DifferenceMetric,
  type MetricDifference,
} from '@oversoak/contracts';
import { ratioOfMedians } from './bootstrap.ts';
import { type Noise, noiseFloor } from './noise.ts';
import type { ObservedRun } from './observed.ts';

/** A histogram tells two values apart that differ by 0.1 %; two of them may be off by twice that. */
const RESOLUTION = 1.002;

/** One side of a comparison of two: the runs of a cell that count. */
export interface ObservedCell {
  key: string;
  runs: readonly ObservedRun[];
}

interface Range {
  low: number;
  high: number;
}

const RESOLVED: Range = { low: 1 / RESOLUTION, high: RESOLUTION };

const within = (ratio: number, { low, high }: Range) => low <= ratio && ratio <= high;

function verdictOf(
  ratio: number | null,
  interval: Range | null,
  floor: Range | null,
): MetricDifference['difference'] {
  if (ratio === null || interval === null) return 'unknown';
  if (within(1, interval) || within(ratio, RESOLVED)) return 'none';
  if (floor !== null && within(ratio, floor)) return 'none';
  return ratio < 1 ? 'lower' : 'higher';
}

/** Repeats that both sides have, each with its like: what drifts over a soak meets both alike. */
function pairsOf(left: ObservedCell, right: ObservedCell, metric: DifferenceMetric) {
  return left.runs.flatMap((run) => {
    const like = right.runs.find(({ repeat }) => repeat === run.repeat);
    const pair = { left: run.observations[metric], right: like?.observations[metric] ?? [] };
    return pair.left.length > 0 && pair.right.length > 0 ? [pair] : [];
  });
}

function metricDifference(
  metric: DifferenceMetric,
  left: ObservedCell,
  right: ObservedCell,
  noise: Noise | null,
): MetricDifference {
  const pairs = pairsOf(left, right, metric);
  const compared = ratioOfMedians(pairs);
  const floor = noise === null ? null : noiseFloor(noise, metric, pairs.length);
  const ratio = compared?.ratio ?? null;
  const interval = compared?.interval ?? null;
  return {
    metric,
    unit: DIFFERENCE_METRICS[metric],
    left: compared?.left ?? null,
    right: compared?.right ?? null,
    ratio,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    repeats: pairs.length,
    windows: compared?.windows ?? 0,
    noiseFloor: floor,
    difference: verdictOf(ratio, interval, floor),
  };
}

/** Every metric of two cells, right against left. `noise` is that of the gang of both. */
export function cellDifference(
  left: ObservedCell,
  right: ObservedCell,
  noise: Noise | null,
): CellDifference {
  const metrics = Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[];
  return {
    left: left.key,
    right: right.key,
    metrics: metrics.map((metric) => metricDifference(metric, left, right, noise)),
  };
}
