import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const NullableNumber = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], { description });

/** The outcome of one threshold with the measured value. */
export const Check = Type.Object(
  {
    threshold: Type.String({
      description: 'as written in the spec; implied thresholds in the same form',
    }),
    outcome: Type.Enum(['held', 'missed', 'unknown'], {
      description: 'unknown: too little was measured, or the platform has no figure',
    }),
    actual: Type.String({
      description: 'the figure as text, with its unit; with "every", that of the worst window',
    }),
    windows: Type.Optional(
      Type.Object(
        {
          judged: Type.Integer({ minimum: 0, description: 'windows that held or missed' }),
          missed: Type.Integer({ minimum: 0 }),
          undecided: Type.Integer({
            minimum: 0,
            description: 'windows with too little data to decide',
          }),
        },
        { ...closed, description: 'only for a threshold with "every"' },
      ),
    ),
  },
  closed,
);
export type Check = Static<typeof Check>;

/** The upper bound of the error rate that the number of echoes supports at 95 % confidence. */
export const ErrorBound = Type.Object(
  {
    errors: Type.Integer({ minimum: 0 }),
    echoes: Type.Integer({ minimum: 1 }),
    upperRate: Type.Number({
      description:
        'errors per echo, upper bound at 95 %: none in n: 3/n, else exact (Clopper-Pearson, one-sided)',
    }),
  },
  closed,
);
export type ErrorBound = Static<typeof ErrorBound>;

export const DRIFT_METRICS = ['workingSet', 'privateBytes', 'handles', 'threads', 'p99'] as const;
export type DriftMetric = (typeof DRIFT_METRICS)[number];

export const DRIFT_RISES = ['steady', 'none', 'bent', 'few-cycles'] as const;
export type DriftRise = (typeof DRIFT_RISES)[number];

/** Whether a server figure (p99: an echo figure) grew during the measurement. */
export const Drift = Type.Object(
  {
    metric: Type.Enum([...DRIFT_METRICS]),
    unit: Type.Enum(['bytes/h', 'handles/h', 'threads/h', 'us/h']),
    windows: Type.Integer({ minimum: 0, description: 'number of windows used' }),
    hours: Type.Number({ minimum: 0, description: 'time that the windows cover' }),
    cycles: Type.Integer({
      minimum: 0,
      description:
        'falls that neither noise nor the rise explains; from eight on, the lowest points between them are judged, and below no rise is claimed; 0: none, all windows are judged',
    }),
    slope: NullableNumber(
      'per hour, Theil-Sen, behind the first eighth; null: no figure on this platform, or too few',
    ),
    low: NullableNumber('lower end of its 95 % confidence interval; null: not known'),
    high: NullableNumber('upper end'),
    rise: Type.Union([Type.Enum([...DRIFT_RISES]), Type.Null()], {
      description:
        'steady: rises like a leak; none: does not rise throughout; bent: rises like something that fills up or cycles slowly; few-cycles: too few cycles to decide; null: no slope',
    }),
  },
  closed,
);
export type Drift = Static<typeof Drift>;

/** The evidence of a verdict, in addition to the figures themselves. */
export const Evidence = Type.Object(
  {
    checks: Type.Array(Check),
    errorBound: Type.Union([ErrorBound, Type.Null()], { description: 'null: no echo' }),
    drift: Type.Array(Drift, { description: 'one for each metric; empty without a result' }),
  },
  closed,
);
export type Evidence = Static<typeof Evidence>;
