import { type Static, type TSchema, Type } from 'typebox';
import { LAYOUTS, NOTIFIERS, PLATFORMS, PROTOCOLS } from '../options/matrix.ts';
import { FLEET_ERROR_CLASSES, SERVER_ERROR_CLASSES } from './error-classes.ts';
import { ofLatencies } from './fleet-latencies.ts';
import { LeftLater, Load } from './load.ts';
import { StageTable } from './stages.ts';
import { FleetZoneFigures, MeasuredDeliveries, ServerZoneFigures } from './zone-figures.ts';

const closed = { additionalProperties: false } as const;
const Count = (description: string) => Type.Integer({ minimum: 0, description });
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const counters = <C extends Record<string, string>>(classes: C) =>
  Type.Object(
    Object.fromEntries(
      Object.entries(classes).map(([name, description]) => [name, Count(description)]),
    ) as { [K in keyof C]: ReturnType<typeof Count> },
    closed,
  );

/** Cumulative HDR histogram of nanoseconds in V2 encoding, uncompressed (see `histogram.ts`). */
const EncodedHistogram = Type.Unsafe<Uint8Array>({
  description: 'HDR histogram V2 bytes, unit ns, 1 ns to 1 h, 3 significant digits, cumulative',
});

export const ThreadFigures = Type.Object(
  {
    name: Type.String({ description: 'accept, io-0, lobby-0, fleet-0, ...' }),
    userSeconds: Type.Number({ minimum: 0 }),
    kernelSeconds: Type.Number({ minimum: 0 }),
    cycles: Nullable(
      Count(
        'processor cycles (QueryThreadCycleTime): exact, where the seconds count whole clock ticks; null if the platform does not report them',
      ),
    ),
  },
  { ...closed, description: 'CPU time of one thread' },
);
export type ThreadFigures = Static<typeof ThreadFigures>;

export const ProcessFigures = Type.Object(
  {
    userSeconds: Type.Number({ minimum: 0 }),
    kernelSeconds: Type.Number({ minimum: 0 }),
    workingSetBytes: Nullable(Count('resident memory')),
    privateBytes: Nullable(Count('committed memory that no other process shares')),
    handles: Nullable(Count('open kernel handles; null if the platform does not report it')),
    threads: Nullable(Count('threads of the process, those of Node.js included')),
  },
  closed,
);
export type ProcessFigures = Static<typeof ProcessFigures>;

const OperationFigures = Type.Object(
  {
    atOnce: Count('operations that the call itself finished'),
    pending: Count('operations that finished later'),
    failed: Count('operations that failed, those cancelled by a close included'),
  },
  closed,
);

const ThreadCounts = (description: string) =>
  Type.Object(
    { io: Count('IO threads'), content: Count('content threads') },
    { ...closed, description },
  );

export const ContentFigures = Type.Object(
  {
    name: Type.String(),
    threads: Count('content threads; 0 in homo'),
    handled: Count('messages handled'),
    arrivals: Count('players that moved here'),
    hops: Count('times that a handled message was put into a queue; none in homo'),
    rerouted: Count('messages passed on, because their player had moved meanwhile'),
    workSeconds: Type.Number({ minimum: 0, description: 'time that the work took' }),
    queueDepth: Type.Object(
      {
        max: Count('messages that waited, most at a time'),
        sum: Count('messages that waited, summed over the looks'),
        looks: Count('looks at the queue that found one; sum / looks is the mean'),
      },
      { ...closed, description: 'as its threads see it when they take from it' },
    ),
  },
  { ...closed, description: 'one content, over all threads that do it' },
);
export type ContentFigures = Static<typeof ContentFigures>;

const ServerHistograms = Type.Object(
  {
    lockWait: EncodedHistogram,
    moveLatency: EncodedHistogram,
    queueWait: Type.Record(Type.String(), EncodedHistogram),
    tickLateness: Type.Optional(EncodedHistogram),
  },
  {
    ...closed,
    description:
      "lockWait: for the player container's lock, look-ups and moves; moveLatency: from a player's move to the next content's thread having it; queueWait: by content, in a content thread's queue or for the tick; tickLateness, only where zones tick: from when a tick was due until the server sent it",
  },
);

export const ServerSnapshot = Type.Object(
  {
    notifier: Type.Enum([...NOTIFIERS]),
    layout: Type.Enum([...LAYOUTS]),
    protocol: Type.Enum([...PROTOCOLS]),
    elapsedSeconds: Type.Number({ minimum: 0, description: 'since startServer' }),
    sessions: Type.Object(
      {
        accepted: Count('connections accepted'),
        live: Count('sessions that exist now'),
        closed: Count('sessions ended; accepted = live + closed'),
      },
      closed,
    ),
    frames: Type.Object(
      {
        received: Count('valid messages parsed'),
        echoed: Count('echoes handed to a send'),
        discarded: Count('messages whose session had been closed before their echo'),
      },
      closed,
    ),
    bytes: Type.Object({ received: Count('bytes'), sent: Count('bytes') }, closed),
    receives: OperationFigures,
    sends: OperationFigures,
    completions: Type.Object(
      {
        total: Count('completions handled'),
        batches: Count('returns of the wait with at least one completion'),
        largestBatch: Count('completions of the largest batch'),
      },
      closed,
    ),
    errors: counters(SERVER_ERROR_CLASSES),
    players: Type.Object(
      {
        joins: Count('players put into the player container'),
        leaves: Count('players taken out of it'),
        live: Count('players in it; joins − leaves'),
      },
      closed,
    ),
    container: Type.Object(
      {
        lookups: Count('look-ups to route a message; none in homo'),
        changes: Count('players moved in it by content threads; none in homo'),
      },
      closed,
    ),
    moves: Count('moves of players between contents'),
    contents: Type.Array(ContentFigures),
    zones: Type.Optional(ServerZoneFigures),
    histograms: ServerHistograms,
    threadsRequested: ThreadCounts('the budget, as in the options'),
    threadsRan: ThreadCounts('threads that were started'),
    threads: Type.Array(ThreadFigures, { description: "the server's own threads" }),
    process: ProcessFigures,
  },
  { ...closed, description: 'cumulative figures of a server' },
);
export type ServerSnapshot = Static<typeof ServerSnapshot>;

export const Ledger = Type.Object(
  {
    sent: Count('messages handed to a send'),
    echoed: Count('messages whose valid echo came back, late ones included'),
    inFlight: Count('messages sent, not echoed, whose session is open'),
    lostOnClose: Count('messages not echoed when their session closed'),
  },
  { ...closed, description: 'sent = echoed + inFlight + lostOnClose' },
);
export type Ledger = Static<typeof Ledger>;

export function ledgerBalances(ledger: Ledger): boolean {
  return ledger.sent === ledger.echoed + ledger.inFlight + ledger.lostOnClose;
}

/** Covers messages that were due in the measurement, whenever their echoes arrived. */
export const FleetMeasurement = Type.Object(
  {
    load: Load,
    stalls: Type.Object(
      {
        count: Count('times that a thread of the fleet stood still for 20 ms or longer'),
        seconds: Type.Number({ minimum: 0, description: 'total time, summed over the threads' }),
      },
      closed,
    ),
    busySeconds: Type.Number({
      minimum: 0,
      description: 'time in which the busiest thread of the fleet had work, or did not get to run',
    }),
    connectsRefused: Type.Object(
      {
        count: Count(
          "connects that the fleet's own system refused for want of a descriptor, port or memory; each is tried again after a second",
        ),
        seconds: Type.Number({
          minimum: 0,
          description: 'time for which sessions waited after that, summed over the sessions',
        }),
        reason: Type.Optional(
          Type.String({ description: 'of the first: the error of the system' }),
        ),
      },
      closed,
    ),
    latency: Type.Object(
      ofLatencies(() => EncodedHistogram),
      {
        ...closed,
        description:
          "echo latency, from the time at which the message was due (intended) and from its send (actual), without the fleet's own lateness; what never came back counts with the age that it reached. disturbed: the largest latency, from the time at which they were due, that the messages of load.disturbed can have had. disturbedLeast: what of that the fleet's lateness and standstills do not explain. sendLag: that lateness, of messages that nothing held back; in a closed loop, of the fleet's own timers, 20 a second in each thread",
      },
    ),
    stages: StageTable,
    deliveries: Type.Optional(MeasuredDeliveries(EncodedHistogram)),
  },
  { ...closed, description: 'what a verdict rests on; cumulative' },
);
export type FleetMeasurement = Static<typeof FleetMeasurement>;

/** A complete window of the measurement, covering the messages that were due in it. */
export const FleetWindowSnapshot = Type.Object(
  {
    load: Load,
    leftLater: LeftLater,
    errors: counters(FLEET_ERROR_CLASSES),
    busySeconds: FleetMeasurement.properties.busySeconds,
    intended: EncodedHistogram,
  },
  closed,
);
export type FleetWindowSnapshot = Static<typeof FleetWindowSnapshot>;

export const FleetSnapshot = Type.Object(
  {
    elapsedSeconds: Type.Number({ minimum: 0, description: 'since startFleet' }),
    sessions: Type.Object(
      {
        requested: Count('as in the options'),
        live: Count('connected now'),
        connects: Count('connections made'),
        disconnects: Count('graceful ends by the fleet itself (churn), not counting the stop'),
        aborts: Count('resets by the fleet itself (churn), not counting the stop'),
        slowReaders: Count('requested sessions that read slowly'),
      },
      closed,
    ),
    ledger: Ledger,
    zones: Type.Optional(FleetZoneFigures),
    bytes: Type.Object({ received: Count('bytes'), sent: Count('bytes') }, closed),
    errors: counters(FLEET_ERROR_CLASSES),
    measured: FleetMeasurement,
    slowEchoesLetGo: Count(
      'slow echoes that `takeSlowest` does not return, because they came while it was reading',
    ),
    threads: Type.Array(ThreadFigures),
    process: ProcessFigures,
  },
  { ...closed, description: 'cumulative figures of a fleet' },
);
export type FleetSnapshot = Static<typeof FleetSnapshot>;

/** Of a text about a machine, in characters: every view shows it. */
export const LONGEST_FACT = 300;

export const Capabilities = Type.Object(
  {
    platform: Type.Enum([...PLATFORMS], { description: 'what the addon was built for' }),
    systemVersion: Type.String({
      maxLength: LONGEST_FACT,
      description: 'as the kernel says, e.g. 10.0.22631 (Windows), 6.1.0-18-amd64 (Linux)',
    }),
    wineVersion: Nullable(
      Type.String({ maxLength: LONGEST_FACT, description: 'null without Wine' }),
    ),
    cores: Type.Integer({
      minimum: 1,
      description:
        'logical processors that the agent may use, by its affinity and processor groups',
    }),
    spinTurnsPerUs: Type.Number({
      exclusiveMinimum: 0,
      description:
        'turns of the loop that burns the CPU time of messages, per microsecond; measured once, at the start of the agent, for all of its servers',
    }),
    notifiers: Type.Array(
      Type.Object(
        {
          name: Type.Enum([...NOTIFIERS]),
          works: Type.Boolean(),
          reason: Nullable(Type.String({ description: 'why it does not work' })),
        },
        closed,
      ),
      { description: "the platform's own, each verified by an echo over loopback" },
    ),
    layouts: Type.Array(Type.Enum([...LAYOUTS])),
  },
  closed,
);
export type Capabilities = Static<typeof Capabilities>;
