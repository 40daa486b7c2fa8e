import { type Static, type TSchema, Type } from 'typebox';
import { FLEET_ERROR_CLASSES, SERVER_ERROR_CLASSES } from './error-classes.ts';
import { LAYOUTS, NOTIFIERS } from './matrix.ts';

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

/** Cumulative HDR histogram of nanoseconds, V2 encoding, not compressed (see `histogram.ts`). */
const EncodedHistogram = Type.Unsafe<Uint8Array>({
  description: 'HDR histogram V2 bytes, unit ns, 1 ns to 1 h, 3 significant digits, cumulative',
});

export const ThreadFigures = Type.Object(
  {
    name: Type.String({ description: 'accept, io-0, fleet-0, ...' }),
    userSeconds: Type.Number({ minimum: 0 }),
    kernelSeconds: Type.Number({ minimum: 0 }),
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
    handles: Nullable(Count('open kernel handles; null where the platform does not tell (Wine)')),
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

export const ServerSnapshot = Type.Object(
  {
    notifier: Type.Enum([...NOTIFIERS]),
    layout: Type.Enum([...LAYOUTS]),
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
      { received: Count('valid frames parsed'), echoed: Count('echoes handed to a send') },
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
    ioThreadsAsked: Count('as in the options'),
    ioThreadsRan: Count('IO threads that were started'),
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

export const FleetSnapshot = Type.Object(
  {
    elapsedSeconds: Type.Number({ minimum: 0, description: 'since startFleet' }),
    sessions: Type.Object(
      {
        asked: Count('as in the options'),
        live: Count('connected now'),
        connects: Count('connections made'),
        disconnects: Count('graceful ends by the fleet itself (churn), not counting the stop'),
      },
      closed,
    ),
    ledger: Ledger,
    offered: Count(
      'messages whose intended time has come (open loop), or those sent (closed loop)',
    ),
    heldByWindow: Count('messages that were due while their session had overSend in flight'),
    late: Count(
      'messages sent more than 10 ms after they could have been: the fleet itself was too slow',
    ),
    bytes: Type.Object({ received: Count('bytes'), sent: Count('bytes') }, closed),
    errors: counters(FLEET_ERROR_CLASSES),
    latency: Type.Object(
      {
        intended: EncodedHistogram,
        actual: EncodedHistogram,
        sendLag: EncodedHistogram,
      },
      {
        ...closed,
        description:
          'echo latency from the intended and from the actual send time; sendLag is the actual minus the intended send time',
      },
    ),
    threads: Type.Array(ThreadFigures),
    process: ProcessFigures,
  },
  { ...closed, description: 'cumulative figures of a fleet' },
);
export type FleetSnapshot = Static<typeof FleetSnapshot>;

export const Capabilities = Type.Object(
  {
    windowsVersion: Type.String({ description: 'e.g. 10.0.22631' }),
    wineVersion: Nullable(Type.String({ description: 'null on real Windows' })),
    cores: Type.Integer({ minimum: 1 }),
    notifiers: Type.Array(
      Type.Object(
        {
          name: Type.Enum([...NOTIFIERS]),
          works: Type.Boolean(),
          reason: Nullable(Type.String({ description: 'why it does not work' })),
        },
        closed,
      ),
      { description: 'each proved by an echo over loopback, not guessed' },
    ),
    layouts: Type.Array(Type.Enum([...LAYOUTS])),
  },
  closed,
);
export type Capabilities = Static<typeof Capabilities>;
