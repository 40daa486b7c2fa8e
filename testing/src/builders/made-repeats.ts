import { DIFFERENCE_METRICS, type DifferenceMetric } from '@oversoak/contracts';
import type { Repeat } from '@oversoak/control-plane/comparison/repeat';

const NONE = Object.fromEntries(
  Object.keys(DIFFERENCE_METRICS).map((name) => [name, null]),
) as Repeat['figures'];

/** Repeats of a cell with these values of one metric and nothing else. */
export function madeRepeats(
  metric: DifferenceMetric,
  values: readonly (number | null)[],
): Repeat[] {
  return values.map((value, index) => ({
    repeat: index + 1,
    gang: 'server agent-a, fleet agent-b (Wine)',
    platform: ['Wine'],
    disturbedPercent: 0,
    figures: { ...NONE, [metric]: value },
  }));
}
