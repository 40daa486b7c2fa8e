import { type Static, Type } from 'typebox';
import { DIFFERENCE_METRICS, type DifferenceMetric } from './difference.ts';
import { VERDICTS } from './run.ts';

const closed = { additionalProperties: false } as const;
const METRIC_NAMES = Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[];

/** Where a good run's figure lies, going by the last good runs. */
export const TrendBand = Type.Object(
  {
    middle: Type.Number({ description: 'median of the runs that form it' }),
    low: Type.Number(),
    high: Type.Number(),
    runs: Type.Integer({ minimum: 3, description: 'good runs that form it, the last ten at most' }),
  },
  closed,
);
export type TrendBand = Static<typeof TrendBand>;

/** One soak of the schedule. */
export const TrendPoint = Type.Object(
  {
    soakId: Type.String(),
    tickAtMs: Type.Integer(),
    verdict: Type.Union([Type.Enum([...VERDICTS]), Type.Null()], {
      description: 'of the cell; null: the soak has no such cell',
    }),
    value: Type.Union([Type.Number(), Type.Null()], {
      description: 'of all repeats; null: none, or of a cell that neither passed nor failed',
    }),
    out: Type.Union([Type.Enum(['low', 'high']), Type.Null()], {
      description: 'of the band as it was before; null: within it, no band yet, or no value',
    }),
  },
  closed,
);
export type TrendPoint = Static<typeof TrendPoint>;

/** One metric of one cell, night by night. */
export const TrendSeries = Type.Object(
  {
    cell: Type.String({ description: 'key of the cell' }),
    metric: Type.Enum([...METRIC_NAMES]),
    unit: Type.String(),
    band: Type.Union([TrendBand, Type.Null()], {
      description: 'that the next run is held against; null: fewer than three good runs',
    }),
    points: Type.Array(TrendPoint, { description: 'oldest first' }),
    regression: Type.Boolean({
      description: 'the last two runs with a value are out on the worse side',
    }),
    improvement: Type.Boolean({ description: 'they are out on the better side' }),
  },
  closed,
);
export type TrendSeries = Static<typeof TrendSeries>;

/** Whether the soaks of a schedule became worse. */
export const Trend = Type.Object(
  {
    schedule: Type.String(),
    platform: Type.Array(Type.String(), {
      description: 'every distinct label; to be shown with the figures',
    }),
    series: Type.Array(TrendSeries),
    regression: Type.Boolean({ description: 'of any series' }),
    notes: Type.Array(Type.String(), { description: 'what to know before reading' }),
  },
  closed,
);
export type Trend = Static<typeof Trend>;
