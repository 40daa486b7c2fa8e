import { DIFFERENCE_METRICS, type DifferenceMetric, type NoiseFloor } from '@oversoak/contracts';
import { median } from 'simple-statistics';
import { sum } from '../judge/pooled.ts';
import { studentT } from './bootstrap.ts';
import type { ObservedRun } from './observed.ts';

/** How far pairs of equal runs lie apart; a metric of too few pairs is missing. */
export interface Noise {
  /** The A/A soak. */
  soakId: string;
  metrics: Partial<Record<DifferenceMetric, { deviation: number; pairs: number }>>;
}

/** Of fewer nobody can tell noise from chance. */
export const LEAST_PAIRS = 3;

/** Both twins of one cell, one run of each repeat. */
export interface Twins {
  left: readonly ObservedRun[];
  right: readonly ObservedRun[];
}

/** The ratios of each repeat's two equal runs, as logarithms; their true mean is 0. */
function logRatios({ left, right }: Twins, metric: DifferenceMetric): number[] {
  return left.flatMap((run) => {
    const twin = right.find(({ repeat }) => repeat === run.repeat);
    const sides = [run, twin].map((of) => of?.observations[metric] ?? []);
    if (sides.some((values) => values.length === 0)) return [];
    const [a = 0, b = 0] = sides.map((values) => median(values));
    return a > 0 && b > 0 ? [Math.log(b / a)] : [];
  });
}

/**
 * The noise of a gang, from the cells of its A/A soak together: what two equal runs differ by is
 * the machines' and not the cell's, and a cell alone has too few repeats to tell. The deviation is
 * taken around 0, for equal runs have no difference of their own.
 */
export function noiseOf(soakId: string, twins: readonly Twins[]): Noise {
  const metrics: Noise['metrics'] = {};
  for (const metric of Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[]) {
    const ratios = twins.flatMap((cell) => logRatios(cell, metric));
    if (ratios.length < LEAST_PAIRS) continue;
    const square = sum(ratios.map((ratio) => ratio ** 2)) / ratios.length;
    metrics[metric] = { deviation: Math.sqrt(square), pairs: ratios.length };
  }
  return { soakId, metrics };
}

/**
 * The floor of a metric where so many repeats are compared: 95 % of the ratios of equal cells lie
 * within it, symmetric in the logarithm. Repeats take turns, so their noise averages out.
 */
export function noiseFloor(
  { soakId, metrics }: Noise,
  metric: DifferenceMetric,
  repeats: number,
): NoiseFloor | null {
  const measured = metrics[metric];
  if (measured === undefined || repeats === 0) return null;
  const { deviation, pairs } = measured;
  const high = Math.exp((studentT(pairs) * deviation) / Math.sqrt(repeats));
  return { low: 1 / high, high, soakId, pairs };
}
