import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const NullableNumber = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], { description });

/** Compared metrics: figures of a run's whole measurement. */
export const DIFFERENCE_METRICS = {
  'echo.latency.p50': 'us',
  'echo.latency.p99': 'us',
  /** The mean of the slowest 1 % of the echoes. */
  'echo.latency.slowest': 'us',
  'delivery.latency.p99': 'us',
  'sent.rate': 'messages/s',
  'server.cpuPerEcho': 'us',
  'server.cpuPerDelivery': 'us',
  'server.workingSet': 'bytes',
} as const;
export type DifferenceMetric = keyof typeof DIFFERENCE_METRICS;
const METRIC_NAMES = Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[];

/** Metrics that only soaks with zones have; where no side has one, it is not shown. */
const OF_ZONES: readonly DifferenceMetric[] = ['delivery.latency.p99', 'server.cpuPerDelivery'];

export const isOfZones = (metric: DifferenceMetric) => OF_ZONES.includes(metric);

/** Which way a metric gets worse. */
export const WORSE: Record<DifferenceMetric, 'lower' | 'higher'> = {
  'echo.latency.p50': 'higher',
  'echo.latency.p99': 'higher',
  'echo.latency.slowest': 'higher',
  'delivery.latency.p99': 'higher',
  'sent.rate': 'lower',
  'server.cpuPerEcho': 'higher',
  'server.cpuPerDelivery': 'higher',
  'server.workingSet': 'higher',
};

/**
 * Confidence of every interval, in percent. Slightly above 95, so that fewer than one in twenty
 * equal cells are called different for any shape of noise.
 */
export const INTERVAL_PERCENT = 96.5;
/** Power in percent of the smallest change that "could have been seen". */
export const POWER_PERCENT = 80;

/** `none`: the interval contains 1. `unknown`: no claim is possible; `why` has the reason. */
export const DIFFERENCES = ['lower', 'higher', 'none', 'unknown'] as const;

/** The difference of one metric between two cells, as right over left. */
export const MetricDifference = Type.Object(
  {
    metric: Type.Enum([...METRIC_NAMES]),
    unit: Type.String(),
    left: NullableNumber('geometric mean over its repeats'),
    right: NullableNumber('geometric mean over its repeats'),
    ratio: NullableNumber('right / left; null: no figure, or one that is 0'),
    low: NullableNumber(
      `lower end of its ${INTERVAL_PERCENT} % interval, Student's t on the logarithms of the repeats; null: no claim`,
    ),
    high: NullableNumber('upper end'),
    smallestSeen: NullableNumber(
      `the smallest change, as a ratio above 1, that would be seen in ${POWER_PERCENT} % of such comparisons; null: no claim`,
    ),
    leftRepeats: Type.Integer({ minimum: 0, description: 'repeats that have the figure' }),
    rightRepeats: Type.Integer({ minimum: 0, description: 'repeats that have the figure' }),
    paired: Type.Boolean({
      description: 'compared as pairs, because the repeats alternated and moved together',
    }),
    difference: Type.Enum([...DIFFERENCES], { description: 'right compared with left' }),
    why: Type.Union([Type.String(), Type.Null()], {
      description: 'why it is unknown; null where it is not',
    }),
  },
  closed,
);
export type MetricDifference = Static<typeof MetricDifference>;

/** Two cells compared. */
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
    selector: Type.String({ description: 'as requested' }),
    soakId: Type.String(),
    name: Type.String({ description: 'name of the soak' }),
  },
  closed,
);

/** Two soaks, or cells of them, compared. */
export const SoakDifference = Type.Object(
  {
    left: Side,
    right: Side,
    platform: Type.Array(Type.String(), {
      description: 'every distinct label of both sides; to be shown with the figures',
    }),
    cells: Type.Array(CellDifference),
    unmatched: Type.Array(Type.String(), {
      description: 'keys of cells that exist on one side only',
    }),
    notes: Type.Array(Type.String(), {
      description: 'what to know before reading: other gangs, other specs, other nights, ...',
    }),
  },
  closed,
);
export type SoakDifference = Static<typeof SoakDifference>;
