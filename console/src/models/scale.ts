/** The positions of values on an axis from 0 to 1, and its ticks. */
export interface Scale {
  /** 0 to 1. */
  at(value: number): number;
  ticks: number[];
}

/** Pure: a logarithmic axis that holds all values; steps of 1, 2 and 5 where it is short. */
export function logScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const least = positive.length === 0 ? 1 : Math.min(...positive);
  const most = positive.length === 0 ? 10 : Math.max(...positive);
  const low = Math.floor(Math.log10(least));
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)));
  const at = (value: number) => (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low);
  const steps = high - low <= 2 ? [1, 2, 5] : [1];
  const ticks = Array.from({ length: high - low + 1 }, (_, decade) => 10 ** (low + decade));
  return {
    at,
    ticks: ticks
      .flatMap((decade) => steps.map((step) => decade * step))
      .filter((tick) => tick <= 10 ** high),
  };
}

const NICE = [1, 2, 5, 10];

/** Pure: an axis from 0, or from below it, with about five ticks. */
export function linearScale(values: readonly number[]): Scale {
  const low = Math.min(0, ...values);
  const high = Math.max(low + Number.EPSILON, ...values);
  const rough = (high - low) / 4;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = decade * (NICE.find((nice) => nice * decade >= rough) ?? 10);
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  const at = (value: number) => (value / step - first) / (last - first);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { at, ticks };
}
