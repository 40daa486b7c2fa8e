import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const NullableNumber = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], { description });

/** What is compared; all of the measurement alone. */
export const DIFFERENCE_METRICS = {
  'echo.latency.p50': 'us',
  'echo.latency.p99': 'us',
  'achieved.rate': 'messages/s',
  serverCpuSecondsPer1000Echoes: 's',
  serverWorkingSet: 'bytes',
} as const;
export type DifferenceMetric = keyof typeof DIFFERENCE_METRICS;
const METRIC_NAMES = Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[];

/**
 * How far noise alone takes two equal cells apart on a gang: 95 % of the ratios of as many repeats
 * as are compared lie within it, going by the pairs of equal runs of an A/A soak.
 */
export const NoiseFloor = Type.Object(
  {
    low: Type.Number({ description: 'ratio; a smaller one is more than noise' }),
    high: Type.Number({ description: '1 / low; a larger one is more than noise' }),
    soakId: Type.String({ description: 'the A/A soak that measured it' }),
    pairs: Type.Integer({ minimum: 1, description: 'pairs of equal runs that it rests on' }),
  },
  closed,
);
export type NoiseFloor = Static<typeof NoiseFloor>;

/**
 * `none`: the interval holds 1, or the ratio lies within the noise floor. `unknown`: a side has no
 * figure, or too few of them.
 */
export const DIFFERENCES = ['lower', 'higher', 'none', 'unknown'] as const;

/** One metric of two cells: right to left. */
export const MetricDifference = Type.Object(
  {
    metric: Type.Enum([...METRIC_NAMES]),
    unit: Type.String(),
    left: NullableNumber('median over repeats and windows'),
    right: NullableNumber('median over repeats and windows'),
    ratio: NullableNumber('right / left; null: no figure, or none above 0'),
    low: NullableNumber(
      'lower end of its 95 % bootstrap interval, paired by repeat; null: too few windows',
    ),
    high: NullableNumber('upper end'),
    repeats: Type.Integer({ minimum: 0, description: 'pairs of repeats that it rests on' }),
    windows: Type.Integer({ minimum: 0, description: 'windows of each side, over all repeats' }),
    noiseFloor: Type.Union([NoiseFloor, Type.Null()], {
      description: 'null: no A/A soak on this gang has enough figures of it',
    }),
    difference: Type.Enum([...DIFFERENCES], { description: 'of right against left' }),
  },
  closed,
);
export type MetricDifference = Static<typeof MetricDifference>;

/** Two cells side by side. */
export const CellDifference = Type.Object(
  {
    left: Type.String({ description: 'key of the cell' }),
    right: Type.String({ description: 'key of the cell' }),
    metrics: Type.Array(MetricDifference),
  },
  closed,
);
export type CellDifference = Static<typeof CellDifference>;

const Side = Type.Object(
  {
    selector: Type.String({ description: 'as it was asked for' }),
    soakId: Type.String(),
    name: Type.String({ description: 'of the soak' }),
  },
  closed,
);

/** Two soaks, or cells of them, side by side. */
export const SoakDifference = Type.Object(
  {
    left: Side,
    right: Side,
    platform: Type.Array(Type.String(), {
      description: 'every distinct label of both sides; to be shown with the figures',
    }),
    cells: Type.Array(CellDifference),
    unmatched: Type.Array(Type.String(), {
      description: 'keys of cells that only one side has',
    }),
    notes: Type.Array(Type.String(), {
      description: 'what to know before reading: other gangs, other specs, no noise floor, ...',
    }),
  },
  closed,
);
export type SoakDifference = Static<typeof SoakDifference>;
