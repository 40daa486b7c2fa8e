import type { MetricDifference, Ranking } from '@oversoak/contracts';

/** A value with its interval on an axis, in percent from the left. */
export interface Interval {
  label: string;
  at: number;
  /** null: of one repeat, which makes no claim. */
  low: number | null;
  high: number | null;
}

/** Room beside the values on the axis of a ranking, as a factor. */
const BESIDE = 2;

/**
 * Pure: the values of a ranking on one logarithmic axis, as their intervals are of logarithms. The
 * values decide its ends: an interval of two repeats may reach from 0 to an hour, and is cut off.
 */
export function rankedIntervals({ cells }: Pick<Ranking, 'cells'>): Interval[] {
  const values = cells.map(({ value }) => Math.max(value, Number.MIN_VALUE));
  const [least, most] = [Math.min(...values) / BESIDE, Math.max(...values) * BESIDE];
  const on = (value: number) => {
    const at = (Math.log(Math.max(value, Number.MIN_VALUE)) - Math.log(least)) * 100;
    return Math.max(0, Math.min(100, at / (Math.log(most) - Math.log(least))));
  };
  return cells.map(({ key, value, low, high }) => ({
    label: key,
    at: on(value),
    low: low === null ? null : on(low),
    high: high === null ? null : on(high),
  }));
}

/** Where "the same" is on an axis of ratios, in percent. */
export const ONE = 50;

export interface RatioAxis {
  ticks: { at: number; text: string }[];
  /** null: there is no ratio. */
  lineOf(of: Ratio): { at: number; low: number | null; high: number | null } | null;
}

type Ratio = Pick<MetricDifference, 'ratio' | 'low' | 'high'>;

const STEPS = [1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 30, 100, 1000];
/** A tick closer to the edge would be cut off. */
const LAST_TICK = 88;

/** Pure: a logarithmic axis that contains all these ratios, with 1 in its middle. */
export function ratioAxis(ratios: readonly Ratio[]): RatioAxis {
  const bounds = ratios.flatMap(({ ratio, low, high }) =>
    [ratio, low, high].flatMap((value) => (value === null || value <= 0 ? [] : value)),
  );
  const reach = Math.max(1.05, ...bounds.map((value) => Math.max(value, 1 / value))) * 1.03;
  const on = (value: number) => ONE + (Math.log(value) / Math.log(reach)) * (100 - ONE);
  const shown = STEPS.filter((step) => on(step) <= LAST_TICK).slice(-1);
  const ticks = [...shown.map((step) => 1 / step), 1, ...shown];
  return {
    ticks: ticks.map((value) => ({ at: on(value), text: `×${Number(value.toPrecision(2))}` })),
    lineOf: ({ ratio, low, high }) => {
      if (ratio === null || ratio <= 0) return null;
      return {
        at: on(ratio),
        low: low === null ? null : on(low),
        high: high === null ? null : on(high),
      };
    },
  };
}
