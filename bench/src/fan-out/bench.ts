// What a delivery to a member of a zone costs the server, beside the send of an echo, and whether the
// members share the payload that waits for them.
import { setTimeout as delay } from 'node:timers/promises';
import type { FleetOptions, Notifier, ServerOptions, ServerSnapshot } from '@oversoak/contracts';
import { startFleet, startServer } from '@oversoak/native-server';
import { median } from 'simple-statistics';
import { type Aim, aimsTable, allHeld, atMost, atMostTimes } from '../echo/aim.ts';
import { ratioOf } from '../echo/ratio.ts';

const MEMBERS = 50;
const FRAME_BYTES = 128;
/** Deliveries, echoes or receives per second: far from what saturates a thread. */
const RATE = 10_000;
const MAX_TIMES = 1.1;
const SETTLE_MS = 500;

/** Large enough that the payloads are most of what the process grows by. */
const BACKLOG = { frameBytes: 8192, ratePerSecond: 500, seconds: 3, sendQueueBytes: 67_108_864 };
/** One payload for each broadcast, and the references of its members. */
const MAX_PAYLOADS = 2;

export interface FanOutOptions {
  notifiers: Notifier[];
  rounds: number;
  seconds: number;
}

interface Side {
  server: Partial<ServerOptions>;
  fleet: Partial<FleetOptions> & Pick<FleetOptions, 'ratePerSecond'>;
  /** What the CPU time is divided by. */
  per(figures: ServerSnapshot): number;
}

const SIDES = {
  delivery: {
    server: { zones: { policy: 'close' } },
    fleet: { ratePerSecond: RATE / MEMBERS, zones: { size: MEMBERS, share: 1 } },
    per: ({ zones }) => zones?.copies ?? 0,
  },
  echo: {
    server: {},
    fleet: { ratePerSecond: RATE },
    per: ({ frames }) => frames.echoed,
  },
  // A server that answers nothing: what is left of an echo without its send.
  receive: {
    server: { fault: { dropEvery: 1 } },
    fleet: { ratePerSecond: RATE, overSend: 1024, echoTimeoutMs: 600_000 },
    per: ({ frames }) => frames.received,
  },
} as const satisfies Record<string, Side>;
type SideName = keyof typeof SIDES;

/** Whether the aims are held under every notifier. */
export async function benchFanOut(
  { notifiers, rounds, seconds }: FanOutOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const aims: Aim[] = [];
  for (const notifier of notifiers) {
    aims.push(await costAim(notifier, rounds, seconds, signal));
    aims.push(await memoryAim(notifier, signal));
  }
  console.log(aimsTable(aims));
  return allHeld(aims);
}

/** The sides alternate; of each round, the delivery is compared with echo − receive. */
async function costAim(
  notifier: Notifier,
  rounds: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Aim> {
  const taken: Record<SideName, number[]> = { delivery: [], echo: [], receive: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of Object.keys(SIDES) as SideName[]) {
      taken[name].push(await cpuUs(notifier, SIDES[name], seconds, signal));
    }
  }
  const sends = taken.echo.map((us, round) => us - (taken.receive[round] as number));
  const shown = (values: readonly number[]) => `${median([...values]).toFixed(2)} µs`;
  console.log(
    `${notifier}: CPU of the server for a delivery at N = ${MEMBERS} ${shown(taken.delivery)}, ` +
      `an echo ${shown(taken.echo)}, of which receive ${shown(taken.receive)} and send ${shown(sends)}`,
  );
  const what = `${notifier}: CPU of a delivery to that of an echo's send, N = ${MEMBERS}`;
  return atMostTimes(what, MAX_TIMES, ratioOf(taken.delivery, sends));
}

const cpuSeconds = ({ threads }: ServerSnapshot) =>
  threads.reduce((sum, { userSeconds, kernelSeconds }) => sum + userSeconds + kernelSeconds, 0);

/** CPU time of the server's threads, for each of what the side counts. */
async function cpuUs(
  notifier: Notifier,
  { server: serverOptions, fleet: fleetOptions, per }: Side,
  seconds: number,
  signal: AbortSignal,
): Promise<number> {
  const server = startServer({
    ...{ notifier, layout: 'homo', host: '127.0.0.1', threads: { io: 1, content: 0 } },
    ...serverOptions,
  });
  try {
    const fleet = startFleet({
      ...{ host: '127.0.0.1', port: server.port, sessions: MEMBERS, rampUpSeconds: 0.1 },
      ...{ minFrameBytes: FRAME_BYTES, maxFrameBytes: FRAME_BYTES, overSend: 64 },
      ...fleetOptions,
    });
    try {
      await delay(SETTLE_MS, undefined, { signal });
      const before = server.snapshot();
      await delay(seconds * 1000, undefined, { signal });
      const after = server.snapshot();
      const counted = per(after) - per(before);
      const wanted = 0.8 * RATE * seconds;
      if (counted < wanted) {
        throw new Error(`${notifier}: ${counted} counted, at least ${wanted} are needed`);
      }
      return (1e6 * (cpuSeconds(after) - cpuSeconds(before))) / counted;
    } finally {
      await fleet.stop({ drainSeconds: 0 });
    }
  } finally {
    await server.stop();
  }
}

/** Nobody reads: what each broadcast adds to the process, in payloads. */
async function memoryAim(notifier: Notifier, signal: AbortSignal): Promise<Aim> {
  const { frameBytes, ratePerSecond, seconds, sendQueueBytes } = BACKLOG;
  const server = startServer({
    ...{ notifier, layout: 'homo', host: '127.0.0.1', threads: { io: 1, content: 0 } },
    ...{ maxFrameBytes: frameBytes, sendQueueBytes, zones: { policy: 'newest' } },
  });
  try {
    const fleet = startFleet({
      ...{ host: '127.0.0.1', port: server.port, sessions: MEMBERS, rampUpSeconds: 0.1 },
      ...{ minFrameBytes: frameBytes, maxFrameBytes: frameBytes, ratePerSecond },
      ...{ overSend: 1024, echoTimeoutMs: 600_000, zones: { size: MEMBERS, share: 1 } },
      slowReaders: { share: 1, bytesPerSecond: 1 },
    });
    try {
      // The sockets' buffers fill first.
      await delay(2 * SETTLE_MS, undefined, { signal });
      const before = server.snapshot();
      await delay(seconds * 1000, undefined, { signal });
      const after = server.snapshot();
      const grown = residentBytes(after) - residentBytes(before);
      const broadcasts = (after.zones?.broadcasts ?? 0) - (before.zones?.broadcasts ?? 0);
      const backlog = (after.zones?.backlogMaxBytes ?? 0) - (before.zones?.backlogMaxBytes ?? 0);
      if (backlog < 0.5 * broadcasts * frameBytes) {
        throw new Error(`${notifier}: ${backlog} bytes waited for the slowest of ${MEMBERS}`);
      }
      const what = `${notifier}: memory of a broadcast that ${MEMBERS} members have not read`;
      return atMost(what, MAX_PAYLOADS, grown / (broadcasts * frameBytes), 'payloads');
    } finally {
      await fleet.stop({ drainSeconds: 0 });
    }
  } finally {
    await server.stop();
  }
}

function residentBytes({ process: { workingSetBytes } }: ServerSnapshot): number {
  if (workingSetBytes === null) throw new Error('this platform does not report resident memory');
  return workingSetBytes;
}
