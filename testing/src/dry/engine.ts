// An engine without a network: cumulative figures that obey the ledger, and a few ways to misbehave
// that a test selects by the value of an option without another meaning here.
import { inflateSync } from 'node:zlib';
import { machineMs } from '@oversoak/agent/host/clock';
import {
  type Capabilities,
  emptyHistogram,
  emptyLoad,
  FLEET_ERROR_CLASSES,
  type FleetSnapshot,
  type FleetWindowSnapshot,
  LAYOUTS,
  type Load,
  MAX_SLOW_ECHOES,
  NOTIFIERS_OF,
  ofLatencies,
  type ProcessFigures,
  SERVER_ERROR_CLASSES,
  type ServerSnapshot,
  type SlowEcho,
  writeHistogram,
} from '@oversoak/contracts';
import type {
  FleetHandle,
  FleetRequest,
  ServerHandle,
  ServerRequest,
} from '@oversoak/native-server';

/** Values of a server's `backlog` and of a fleet's `seed`. */
export const BEHAVIOUR = {
  crashAtPrepare: 601,
  crashWhileRunning: 602,
  hangOnStop: 603,
  refuseToStart: 604,
} as const;
export const CRASH_EXIT_CODE = 77;

export const version = '0.0.0-dry';

const CRASH_AFTER_MS = 150;
const ECHO_NS = 250_000;
const LOCK_WAIT_NS = 5_000;
const CONTENT = 'lobby';

function crashSoon(): void {
  setTimeout(() => {
    console.error('fatal: an impossible state');
    process.exit(CRASH_EXIT_CODE);
  }, CRASH_AFTER_MS);
}

function neverOr<T>(behaviour: number | undefined, value: () => T): Promise<T> {
  if (behaviour !== BEHAVIOUR.hangOnStop) return Promise.resolve(value());
  return new Promise(() => undefined);
}

const zeroes = (classes: object) =>
  Object.fromEntries(Object.keys(classes).map((name) => [name, 0])) as Record<never, number>;

/** V2 bytes that are not compressed, as the addon makes them. */
const encoded = (histogram: ReturnType<typeof emptyHistogram>): Uint8Array =>
  inflateSync(Buffer.from(writeHistogram(histogram), 'base64').subarray(8));

export const heapHoles = () => ({ committedBytes: 0, residentBytes: 0 });

export function processFigures(): ProcessFigures {
  return {
    userSeconds: 0.1,
    kernelSeconds: 0.1,
    workingSetBytes: 30_000_000,
    privateBytes: 20_000_000,
    handles: null,
    threads: 12,
  };
}

/** So many echoes of one latency. */
function encodedEchoes(count: number): Uint8Array {
  const histogram = emptyHistogram();
  if (count > 0) histogram.recordValueWithCount(ECHO_NS, count);
  return encoded(histogram);
}

/** The message k is due k / rate seconds after the start; of those that are due in a stretch. */
function loadOf(
  sent: number,
  echoed: number,
  rate: number,
  stretch = { fromSeconds: 0, seconds: Number.POSITIVE_INFINITY },
): Load {
  const { fromSeconds, seconds } = stretch;
  const within = (count: number) => {
    const first = Math.ceil(fromSeconds * rate);
    return Math.max(0, Math.min(count, Math.ceil((fromSeconds + seconds) * rate)) - first);
  };
  return { ...emptyLoad(), due: within(sent), sent: within(sent), echoed: within(echoed) };
}

function measuredOf(load: Load): FleetSnapshot['measured'] {
  const { echoed } = load;
  const latency = encodedEchoes(echoed);
  const row = {
    atLeastNs: ECHO_NS,
    count: echoed,
    client: 0,
    queue: 0,
    work: 0,
    send: 0,
    'fan-out': 0,
  };
  const spent = {
    'network+wake': echoed * (ECHO_NS - LOCK_WAIT_NS),
    lock: echoed * LOCK_WAIT_NS,
  };
  return {
    load,
    stalls: { count: 0, seconds: 0 },
    busySeconds: 0,
    connectsRefused: { count: 0, seconds: 0 },
    latency: {
      ...ofLatencies(() => encodedEchoes(0)),
      ...{ intended: latency, actual: latency },
    },
    stages: [{ ...row, ...spent }],
  };
}

function fleetZones(sessions: number, own: number): NonNullable<FleetSnapshot['zones']> {
  return { joins: sessions, leaves: 0, deliveries: 2 * own, own, ticks: 0, skipped: 0 };
}

function deliveriesOf({ echoed }: Load): NonNullable<FleetSnapshot['measured']['deliveries']> {
  return { count: 2 * echoed, untimed: 0, latency: encodedEchoes(2 * echoed) };
}

export function capabilities(): Capabilities {
  return {
    platform: 'windows',
    systemVersion: '10.0.0',
    wineVersion: null,
    cores: 2,
    spinTurnsPerUs: 400,
    notifiers: NOTIFIERS_OF.windows.map((name) => ({ name, works: true, reason: null })),
    layouts: [...LAYOUTS],
  };
}

/** Each message goes to a zone of two. */
function serverZones(broadcasts: number): NonNullable<ServerSnapshot['zones']> {
  return {
    ...{ joins: 10, leaves: 10, live: 0, broadcasts, mailed: broadcasts, copies: 2 * broadcasts },
    ...{ ticks: 0, ticksSkipped: 0, dropped: 0, replaced: 0, closed: 0, backlogMaxBytes: 128 },
    payloads: 1,
  };
}

export function startServer(options: ServerRequest): ServerHandle {
  if (options.backlog === BEHAVIOUR.refuseToStart) throw new Error('WSAEADDRINUSE (10048)');
  if (options.backlog === BEHAVIOUR.crashAtPrepare) process.exit(CRASH_EXIT_CODE);
  if (options.backlog === BEHAVIOUR.crashWhileRunning) crashSoon();
  const startedMs = performance.now();
  const lockWait = emptyHistogram();
  const snapshot = (): ServerSnapshot => {
    const elapsedSeconds = (performance.now() - startedMs) / 1000;
    const frames = Math.floor(elapsedSeconds * 100);
    const operations = { atOnce: 0, pending: frames, failed: 0 };
    lockWait.recordValueWithCount(LOCK_WAIT_NS, frames - lockWait.totalCount);
    return {
      notifier: options.notifier,
      layout: options.layout,
      protocol: options.protocol ?? 'oversoak',
      elapsedSeconds,
      sessions: { accepted: 10, live: 0, closed: 10 },
      frames: { received: frames, echoed: frames, discarded: 0 },
      bytes: { received: frames * 64, sent: frames * 64 },
      receives: operations,
      sends: operations,
      completions: { total: frames * 2, batches: frames, largestBatch: 2 },
      errors: zeroes(SERVER_ERROR_CLASSES) as ServerSnapshot['errors'],
      players: { joins: 10, leaves: 10, live: 0 },
      container: { lookups: frames, changes: 0 },
      moves: 0,
      contents: [
        {
          name: CONTENT,
          threads: 1,
          handled: frames,
          arrivals: 0,
          hops: frames,
          rerouted: 0,
          workSeconds: 0,
          queueDepth: { max: 1, sum: frames, looks: frames },
        },
      ],
      ...(options.zones === undefined ? {} : { zones: serverZones(frames) }),
      histograms: {
        lockWait: encoded(lockWait),
        moveLatency: encoded(emptyHistogram()),
        queueWait: { [CONTENT]: encoded(emptyHistogram()) },
      },
      threadsRequested: options.threads ?? { io: 1, content: 0 },
      threadsRan: options.threads ?? { io: 1, content: 0 },
      threads: [{ name: 'io-0', userSeconds: 0.1, kernelSeconds: 0.1, cycles: null }],
      process: processFigures(),
    };
  };
  return {
    port: 40_000,
    snapshot,
    firstErrors: () => [],
    stop: () => neverOr(options.backlog, snapshot),
  };
}

export function startFleet(options: FleetRequest): FleetHandle {
  if (options.seed === BEHAVIOUR.crashWhileRunning) crashSoon();
  const startedMs = performance.now();
  const startedMachineMs = machineMs();
  const rate = options.ratePerSecond ?? 100;
  let finalMs: number | null = null;
  const snapshot = (): FleetSnapshot => {
    const elapsedSeconds = ((finalMs ?? performance.now()) - startedMs) / 1000;
    const sent = Math.floor(elapsedSeconds * rate);
    const inFlight = finalMs === null ? Math.min(sent, 3) : 0;
    const echoed = sent - inFlight;
    const measured = measuredOf(loadOf(sent, echoed, rate, options.measurement));
    return {
      elapsedSeconds,
      sessions: {
        requested: options.sessions,
        live: finalMs === null ? options.sessions : 0,
        connects: options.sessions,
        disconnects: 0,
        aborts: 0,
        slowReaders: 0,
      },
      ledger: { sent, echoed, inFlight, lostOnClose: 0 },
      bytes: { received: echoed * 64, sent: sent * 64 },
      errors: zeroes(FLEET_ERROR_CLASSES) as FleetSnapshot['errors'],
      ...(options.zones === undefined ? {} : { zones: fleetZones(options.sessions, echoed) }),
      measured: {
        ...measured,
        ...(options.zones === undefined ? {} : { deliveries: deliveriesOf(measured.load) }),
      },
      slowEchoesLetGo: 0,
      threads: [{ name: 'fleet-0', userSeconds: 0.1, kernelSeconds: 0.1, cycles: null }],
      process: processFigures(),
    };
  };
  const slowEcho = (sent: number): SlowEcho => ({
    session: sent % options.sessions,
    message: Math.floor(sent / options.sessions),
    intendedMachineMs: startedMachineMs + (sent / rate) * 1000,
    stagesNs: {
      client: 0,
      'network+wake': ECHO_NS - LOCK_WAIT_NS,
      lock: LOCK_WAIT_NS,
      queue: 0,
      work: 0,
      send: 0,
      'fan-out': 0,
    },
  });
  let returned = 0;
  // All are as slow as one another: the latest.
  const takeSlowest = () => {
    const { echoed } = snapshot().ledger;
    const first = Math.max(returned, echoed - MAX_SLOW_ECHOES);
    returned = echoed;
    return Array.from({ length: returned - first }, (_, i) => slowEcho(first + i));
  };
  const finishSending = () => {
    finalMs ??= performance.now();
  };
  const takeWindows = (): FleetWindowSnapshot[] => {
    const { measurement } = options;
    if (measurement === undefined) return [];
    const { fromSeconds, seconds, windowSeconds } = measurement;
    const { sent, echoed } = snapshot().ledger;
    return Array.from({ length: Math.floor(seconds / windowSeconds) }, (_, index) => {
      const startSeconds = fromSeconds + index * windowSeconds;
      const load = loadOf(sent, echoed, rate, {
        fromSeconds: startSeconds,
        seconds: windowSeconds,
      });
      const errors = zeroes(FLEET_ERROR_CLASSES) as FleetWindowSnapshot['errors'];
      const intended = encodedEchoes(load.echoed);
      return { load, leftLater: [], errors, busySeconds: 0, intended };
    });
  };
  return {
    snapshot,
    takeWindows,
    takeSlowest,
    firstErrors: () => [],
    finishSending,
    stop: () => {
      finishSending();
      return neverOr(options.seed, snapshot);
    },
  };
}
