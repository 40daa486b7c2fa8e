import { type Static, Type } from 'typebox';
import { DIFFERENCE_METRICS, type DifferenceMetric } from './difference.ts';
import { VERDICTS } from './run.ts';
import { TICK_CAUSES } from './schedule.ts';

const closed = { additionalProperties: false } as const;
const METRIC_NAMES = Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[];

/** Assessment of a cell's metric after a night. */
export const TREND_STATES = ['none', 'suspect', 'regression', 'improvement'] as const;
export type TrendState = (typeof TREND_STATES)[number];

const State = Type.Enum([...TREND_STATES], {
  description:
    'suspect: worse than the base, with less evidence than a regression needs; never used for improvements',
});

/** The first sound nights of a schedule, with which later ones are compared. */
export const TrendBase = Type.Object(
  {
    middle: Type.Number({ description: 'geometric mean of its nights' }),
    low: Type.Number({ description: '95 % of single nights like these lie between low and high' }),
    high: Type.Number(),
    nights: Type.Integer({ minimum: 1, description: 'nights that form the base so far' }),
    smallest: Type.Number({
      description: 'smallest lasting change, as a ratio above 1, that ten nights would show',
    }),
  },
  closed,
);
export type TrendBase = Static<typeof TrendBase>;

/** One soak of the schedule. */
export const TrendPoint = Type.Object(
  {
    soakId: Type.String(),
    tickAtMs: Type.Integer(),
    cause: Type.Enum([...TICK_CAUSES]),
    verdict: Type.Union([Type.Enum([...VERDICTS]), Type.Null()], {
      description: 'verdict of the cell; null: the soak has no such cell',
    }),
    value: Type.Union([Type.Number(), Type.Null()], {
      description: 'the figure over all repeats; null: none, or the load of the cell was not sound',
    }),
    state: State,
  },
  closed,
);
export type TrendPoint = Static<typeof TrendPoint>;

/** Since when the nights differ from the base, and by how much. */
export const TrendChange = Type.Object(
  {
    sinceSoakId: Type.String({ description: 'the first soak that belongs to the change' }),
    sinceTickAtMs: Type.Integer(),
    ratio: Type.Number({ description: 'ratio of the nights since then to the base' }),
  },
  closed,
);
export type TrendChange = Static<typeof TrendChange>;

/** One metric of one cell, night by night. */
export const TrendSeries = Type.Object(
  {
    cell: Type.String({ description: 'key of the cell' }),
    metric: Type.Enum([...METRIC_NAMES]),
    unit: Type.String(),
    base: Type.Union([TrendBase, Type.Null()], {
      description: 'null: too few sound nights',
    }),
    points: Type.Array(TrendPoint, {
      description: 'oldest first, each with the state after that night',
    }),
    state: State,
    change: Type.Union([TrendChange, Type.Null()], { description: 'null: the state is none' }),
  },
  closed,
);
export type TrendSeries = Static<typeof TrendSeries>;

/** Whether the soaks of a schedule regressed. */
export const Trend = Type.Object(
  {
    schedule: Type.String(),
    platform: Type.Array(Type.String(), {
      description: 'every distinct label; to be shown with the figures',
    }),
    base: Type.Object(
      {
        sinceSoakId: Type.String({ description: 'the first soak of it' }),
        sinceTickAtMs: Type.Integer(),
        pinned: Type.Union([Type.String(), Type.Null()], {
          description:
            'the baseline that began it; null: it began with the first soak of this spec',
        }),
      },
      closed,
    ),
    series: Type.Array(TrendSeries),
    regression: Type.Boolean({ description: 'whether any series has a regression' }),
    notes: Type.Array(Type.String(), { description: 'what to know before reading' }),
  },
  closed,
);
export type Trend = Static<typeof Trend>;
