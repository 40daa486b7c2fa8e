import { type Static, Type } from 'typebox';
import { FLEET_ERROR_CLASSES, SERVER_ERROR_CLASSES } from './error-classes.ts';
import { CellSchema, VERDICTS } from './run.ts';

const closed = { additionalProperties: false } as const;
const NullableNumber = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], { description });

const LatencySummary = Type.Object(
  {
    count: Type.Integer(),
    p50Us: NullableNumber('median'),
    p90Us: NullableNumber('90th percentile'),
    p99Us: NullableNumber('99th percentile'),
    p999Us: NullableNumber('99.9th percentile'),
    maxUs: NullableNumber('largest'),
  },
  closed,
);

/** One cell over all its repeats: histograms merged by counts, counters summed, rates pooled. */
export const ComparedCell = Type.Object(
  {
    key: Type.String({ description: 'notifier.layout.sessions' }),
    cell: CellSchema,
    verdict: Type.Union([Type.Enum([...VERDICTS]), Type.Null()], {
      description: 'worst of its runs; null while one is not done',
    }),
    reasons: Type.Array(Type.String()),
    runs: Type.Array(
      Type.Object(
        {
          runId: Type.String(),
          repeat: Type.Integer(),
          verdict: Type.Union([Type.Enum([...VERDICTS]), Type.Null()]),
        },
        closed,
      ),
    ),
    measuredSeconds: Type.Number({ description: 'summed over the repeats' }),
    offeredRate: NullableNumber('messages per second; null without a result'),
    achievedRate: NullableNumber('messages sent per second; null without a result'),
    echoes: Type.Integer({ description: 'echoes that came back in the measurement' }),
    latencyIntended: LatencySummary,
    latencyActual: LatencySummary,
    ledger: Type.Object(
      {
        sent: Type.Integer(),
        echoed: Type.Integer(),
        inFlight: Type.Integer(),
        lostOnClose: Type.Integer(),
        balanced: Type.Boolean(),
      },
      closed,
    ),
    errors: Type.Object(
      Object.fromEntries(
        Object.keys({ ...FLEET_ERROR_CLASSES, ...SERVER_ERROR_CLASSES }).map((name) => [
          name,
          Type.Integer(),
        ]),
      ),
      { description: 'whole run, ramp-up and drain included' },
    ),
    serverCpuSecondsPer1000Echoes: NullableNumber("CPU time of the server's own threads"),
    ioThreadsAsked: NullableNumber('per run'),
    ioThreadsRan: NullableNumber('largest of the repeats'),
    serverWorkingSetBytes: NullableNumber('largest at the end of a measurement'),
    completionsPerBatch: NullableNumber('mean'),
    receivesAtOnceShare: NullableNumber('receives that the call itself finished, 0 to 1'),
    platform: Type.Array(Type.String(), { description: 'labels of the environments involved' }),
  },
  closed,
);
export type ComparedCell = Static<typeof ComparedCell>;

export const Comparison = Type.Object(
  {
    soakId: Type.String(),
    name: Type.String(),
    complete: Type.Boolean({ description: 'every run is done' }),
    verdict: Type.Union([Type.Enum([...VERDICTS]), Type.Null()]),
    platform: Type.Array(Type.String(), {
      description: 'every distinct label; to be shown with the figures',
    }),
    cells: Type.Array(ComparedCell),
  },
  closed,
);
export type Comparison = Static<typeof Comparison>;
