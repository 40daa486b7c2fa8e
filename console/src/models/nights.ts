import type { TrendSeries } from '@oversoak/contracts';
import { linearScale } from './scale.ts';

/** A night on the strip, in percent of its width and height. */
export interface NightMark {
  soakId: string;
  tickAtMs: number;
  x: number;
  /** From the top; null: the night has no figure. */
  y: number | null;
  state: TrendSeries['state'];
  value: number | null;
}

export interface NightPlot {
  marks: NightMark[];
  /** In which 95 % of nights like those of the base lie, from the top; null: no base yet. */
  band: { top: number; bottom: number } | null;
}

/** Pure: the nights of a metric beside the band of its base. */
export function nightPlot({ points, base }: TrendSeries): NightPlot {
  const values = points.flatMap(({ value }) => (value === null ? [] : value));
  const scale = linearScale([...values, ...(base === null ? [] : [base.low, base.high])]);
  const y = (value: number) => (1 - scale.at(value)) * 100;
  const step = 100 / Math.max(1, points.length);
  return {
    marks: points.map(({ soakId, tickAtMs, value, state }, index) => ({
      soakId,
      tickAtMs,
      state,
      value,
      x: (index + 0.5) * step,
      y: value === null ? null : y(value),
    })),
    band: base === null ? null : { top: y(base.high), bottom: y(base.low) },
  };
}
