import { type Static, Type } from 'typebox';
import { FLEET_ERROR_CLASSES, SERVER_ERROR_CLASSES } from '../figures/error-classes.ts';
import { STAGE_NAMES, type Stage } from '../figures/stages.ts';
import { PREDICTION_OPERATORS, PREDICTION_OUTCOMES } from '../spec/prediction.ts';
import { CellDifference } from './difference.ts';
import { Ranking } from './ranking.ts';
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
    slowestUs: NullableNumber('mean of the slowest 1 %'),
    maxUs: NullableNumber('largest'),
  },
  closed,
);

/** One content of a cell, over its threads and repeats. */
const ComparedContent = Type.Object(
  {
    name: Type.String(),
    handled: Type.Integer({ description: 'messages in the measurements' }),
    queueWait: LatencySummary,
    queueDepthMax: Type.Integer(),
    queueDepthMean: NullableNumber('as its threads found it'),
    rerouted: Type.Integer(),
    workUsPerMessage: NullableNumber('mean time that the work took'),
  },
  closed,
);
export type ComparedContent = Static<typeof ComparedContent>;

/** The zones of a cell, over its threads and repeats. Counts are of the measurements. */
export const ComparedZones = Type.Object(
  {
    deliveries: Type.Integer({
      description: "queued for members, the senders' own and ticks included",
    }),
    deliveryRate: NullableNumber('deliveries per second'),
    latency: Type.Object(LatencySummary.properties, {
      ...closed,
      description: 'from the time at which a message was due until a member has it',
    }),
    lastMember: Type.Object(LatencySummary.properties, {
      ...closed,
      description: 'the same until the last member has it',
    }),
    untimed: Type.Integer({ description: 'deliveries in no latency, without ticks' }),
    ticks: Type.Integer({ description: 'updates that the server sent to zones without a request' }),
    ticksSkipped: Type.Integer({ description: 'ticks left out because the server was late' }),
    tickDeliveries: Type.Integer({ description: 'ticks that came to members' }),
    tickLatency: Type.Object(LatencySummary.properties, {
      ...closed,
      description:
        'from the time at which a tick was due until a member has it; only of fleets that share the clock of their server',
    }),
    tickLateness: Type.Object(LatencySummary.properties, {
      ...closed,
      description: 'from the time at which a tick was due until the server sent it',
    }),
    perBroadcast: NullableNumber('deliveries of a message or tick to a zone, mean'),
    mailsPerBroadcast: NullableNumber('mailbox messages of one to IO threads, mean'),
    sendsPerReceive: NullableNumber('sends issued per message received'),
    bytesPerReceive: NullableNumber('bytes sent per message received'),
    cpuPerDeliveryUs: NullableNumber("CPU time of the server's own threads / deliveries"),
    ioCpuPerDeliveryUs: NullableNumber('of these, the IO threads'),
    contentCpuPerDeliveryUs: NullableNumber('of these, the content threads'),
    backlogMaxBytes: Type.Integer({ description: 'most bytes that waited for one member' }),
    payloads: Type.Integer({ description: 'most payloads that were alive at once' }),
    dropped: Type.Integer({ description: 'deliveries left out by the policy drop; whole run' }),
    replaced: Type.Integer({
      description: 'deliveries left out by the policy newest; whole run',
    }),
    closed: Type.Integer({ description: 'sessions ended by the policy close; whole run' }),
    skipped: Type.Integer({
      description: 'what the members were told that they missed; whole run',
    }),
  },
  closed,
);
export type ComparedZones = Static<typeof ComparedZones>;

export const MeanStages = Type.Object(
  {
    count: Type.Integer({ description: 'echoes' }),
    meanUs: Type.Object(
      Object.fromEntries(STAGE_NAMES.map((stage) => [stage, Type.Number()])) as {
        [S in Stage]: ReturnType<typeof Type.Number>;
      },
      closed,
    ),
    dominating: Type.Enum(STAGE_NAMES),
  },
  closed,
);

/** A cell over all its repeats: histograms merged by counts, counters summed, rates pooled. */
export const ComparedCell = Type.Object(
  {
    key: Type.String({ description: 'notifier.layout.sessions, or target.sessions' }),
    cell: CellSchema,
    verdict: Type.Union([Type.Enum([...VERDICTS]), Type.Null()], {
      description: 'worst of its runs; null while one is not done',
    }),
    reasons: Type.Array(Type.String(), {
      description:
        'those of the worst verdict first; where there are several repeats, each begins with its own ("repeat 2: ...")',
    }),
    loadSound: Type.Union([Type.Boolean(), Type.Null()], {
      description: 'the load of every run was sound; null while one is not done',
    }),
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
    offeredRate: NullableNumber('messages due per second; null without a result'),
    achievedRate: NullableNumber('messages sent per second; null without a result'),
    echoes: Type.Integer({
      description: 'messages due in the measurement whose echo came back',
    }),
    latencyIntended: LatencySummary,
    latencyActual: LatencySummary,
    sendLag: Type.Object(LatencySummary.properties, {
      ...closed,
      description: "the fleet's own lateness, of messages that nothing held back",
    }),
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
    serverCpuPerEchoUs: NullableNumber(
      "CPU time of the server's own threads / echoes that the server handed to a send, over the measurements of all repeats; as `server.cpuPerEcho` of a repeat",
    ),
    ioThreadsRequested: NullableNumber('as in the budget'),
    ioThreadsRan: NullableNumber('largest of the repeats'),
    contentThreadsRequested: NullableNumber('as in the budget'),
    contentThreadsRan: NullableNumber('largest of the repeats'),
    lockWait: LatencySummary,
    queueWait: LatencySummary,
    moveLatency: LatencySummary,
    queueDepthMax: NullableNumber('most messages that waited for a content'),
    queueDepthMean: NullableNumber('messages that waited, as content threads found them'),
    hopsPerMessage: NullableNumber('queues that a message went through, mean; 0 in homo'),
    moves: NullableNumber('moves of players in the measurements'),
    rerouted: NullableNumber('messages passed on because their player had moved'),
    contents: Type.Array(ComparedContent),
    zones: Type.Union([ComparedZones, Type.Null()], { description: 'null: without zones' }),
    threadCpu: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: 'as in the snapshot: accept, io-0, lobby-0, ...' }),
          share: Type.Number({ description: 'CPU seconds per second of measurement' }),
        },
        closed,
      ),
      { description: "the server's own threads" },
    ),
    slowest: Type.Union([MeanStages, Type.Null()], {
      description:
        'mean stages of the slowest echoes: whole groups of similar latency, from the slowest down until they have 1 % of the echoes, so mostly a few more than in `slowestUs`; null where the protocol has no stamps',
    }),
    serverWorkingSetBytes: NullableNumber('largest at the end of a measurement'),
    completionsPerBatch: NullableNumber('mean'),
    receivesAtOnceShare: NullableNumber('receives that the call itself finished, 0 to 1'),
    platform: Type.Array(Type.String(), { description: 'labels of the environments involved' }),
  },
  closed,
);
export type ComparedCell = Static<typeof ComparedCell>;

/** A prediction about one figure of one cell, with the measured value. */
export const ComparedPrediction = Type.Object(
  {
    key: Type.String({ description: 'key of the cell' }),
    figure: Type.String(),
    unit: Type.String({ description: 'unit of the figure: us, %, B, ...; empty: none' }),
    predicted: Type.Object(
      {
        text: Type.String({ description: 'as written, with the default tolerance of "=" added' }),
        operator: Type.Enum([...PREDICTION_OPERATORS]),
        value: Type.Number(),
        tolerance: Type.Number({
          description: 'only for "=": the largest deviation that counts as predicted',
        }),
      },
      closed,
    ),
    actual: Type.Union(
      [
        Type.Object(
          {
            median: Type.Number({
              description: 'over the repeats; the prediction is compared with it',
            }),
            low: Type.Number({ description: 'lowest of the repeats' }),
            high: Type.Number({ description: 'highest of the repeats' }),
            runs: Type.Integer({ minimum: 1, description: 'repeats that have the figure' }),
          },
          closed,
        ),
        Type.Null(),
      ],
      { description: 'null: no repeat has the figure' },
    ),
    difference: NullableNumber('(median − value) / value; null: no figure, or the value is 0'),
    outcome: Type.Enum([...PREDICTION_OUTCOMES]),
  },
  closed,
);
export type ComparedPrediction = Static<typeof ComparedPrediction>;

/** A soak's cells compared with those of the baseline that ran interleaved with it. */
const AgainstBaseline = Type.Object(
  {
    baseline: Type.String({ description: 'name of the baseline' }),
    soakId: Type.String({ description: 'the soak that was pinned under that name' }),
    differs: Type.Array(Type.String(), {
      description: 'fields in which the two specs measure something else, as dotted paths',
    }),
    cells: Type.Array(CellDifference, { description: 'left: the cell of the baseline' }),
  },
  closed,
);
export type AgainstBaseline = Static<typeof AgainstBaseline>;

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
    predictions: Type.Array(ComparedPrediction, {
      description: 'the predictions of the spec, cell by cell; they change no verdict',
    }),
    rankings: Type.Array(Ranking, {
      description: 'which cell is best by a metric, among those with as many sessions',
    }),
    against: Type.Union([AgainstBaseline, Type.Null()], {
      description: 'the baseline that the soak is compared with; null: none',
    }),
    notes: Type.Array(Type.String(), {
      description:
        'caveats, as runs that the rankings and the comparison with the baseline leave out',
    }),
  },
  closed,
);
export type Comparison = Static<typeof Comparison>;
