// What a delivery to a member of a zone costs the server, beside the send of an echo, and whether the
// members share the payload that waits for them.
import { setTimeout as delay } from 'node:timers/promises';
import type { Notifier, ServerSnapshot } from '@oversoak/contracts';
import { type FleetRequest, startFleet, startServer } from '@oversoak/native-server';
import { median } from 'simple-statistics';
import { type Aim, aimsTable, allHeld, atMost, atMostTimes } from '../echo/aim.ts';
import { ratioOf } from '../echo/ratio.ts';

const MEMBERS = 50;
const FRAME_BYTES = 128;
/** Messages or deliveries per second: far from what saturates a thread. */
const RATE = 4000;
const MAX_TIMES = 1.1;
const SETTLE_MS = 500;
/** With fewer messages a figure is chance. */
const MIN_RECEIVED = 50;

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
  zones?: FleetRequest['zones'];
  /** Messages per second of the whole fleet. */
  ratePerSecond: number;
}

/**
 * What a message costs is what its receive costs, with the wake before it, and its sends. Two
 * numbers of members tell the one from the other; an echo has the receive of a broadcast to two at
 * the same rate, and one send.
 */
const SIDES = {
  fifty: { ratePerSecond: RATE / MEMBERS, zones: { size: MEMBERS, share: 1 } },
  two: { ratePerSecond: RATE, zones: { size: 2, share: 1 } },
  echo: { ratePerSecond: RATE },
} as const satisfies Record<string, Side>;
type SideName = keyof typeof SIDES;

/** CPU time in µs of each part of a message, from that of whole messages of each side. */
export function partsOf({ fifty, two, echo }: Record<SideName, number>) {
  const delivery = (fifty - two) / (MEMBERS - 2);
  const receive = two - 2 * delivery;
  return { delivery, receive, send: echo - receive };
}

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

/** The sides alternate; a delivery is compared with the send of an echo of its round. */
async function costAim(
  notifier: Notifier,
  rounds: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Aim> {
  const parts: ReturnType<typeof partsOf>[] = [];
  const names = Object.keys(SIDES) as SideName[];
  for (let round = 0; round < rounds; round += 1) {
    const taken: Record<SideName, number> = { fifty: 0, two: 0, echo: 0 };
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      taken[name] = await cpuUs(notifier, SIDES[name], seconds, signal);
    }
    parts.push(partsOf(taken));
  }
  const all = (part: keyof ReturnType<typeof partsOf>) => parts.map((each) => each[part]);
  const shown = (part: keyof ReturnType<typeof partsOf>) => `${median(all(part)).toFixed(2)} µs`;
  console.log(
    `${notifier}: CPU of the server for a delivery at N = ${MEMBERS} ${shown('delivery')}, ` +
      `for the send of an echo ${shown('send')}, for a receive and its wake ${shown('receive')}`,
  );
  const what = `${notifier}: CPU of a delivery to that of an echo's send, N = ${MEMBERS}`;
  return atMostTimes(what, MAX_TIMES, ratioOf(all('delivery'), all('send')));
}

const cpuSeconds = ({ threads }: ServerSnapshot) =>
  threads.reduce((sum, { userSeconds, kernelSeconds }) => sum + userSeconds + kernelSeconds, 0);

/** CPU time of the server's threads for each message that it received. */
async function cpuUs(
  notifier: Notifier,
  { zones, ratePerSecond }: Side,
  seconds: number,
  signal: AbortSignal,
): Promise<number> {
  const server = startServer({
    ...{ notifier, layout: 'homo', host: '127.0.0.1', threads: { io: 1, content: 0 } },
    ...(zones === undefined ? {} : { zones: { policy: 'close' } }),
  });
  try {
    const fleet = startFleet({
      ...{ host: '127.0.0.1', port: server.port, sessions: MEMBERS, rampUpSeconds: 0.1 },
      ...{ minFrameBytes: FRAME_BYTES, maxFrameBytes: FRAME_BYTES, overSend: 64, ratePerSecond },
      ...(zones === undefined ? {} : { zones }),
    });
    try {
      await delay(SETTLE_MS, undefined, { signal });
      const before = server.snapshot();
      await delay(seconds * 1000, undefined, { signal });
      const after = server.snapshot();
      const received = after.frames.received - before.frames.received;
      if (received < MIN_RECEIVED) {
        throw new Error(`${notifier}: ${received} received, at least ${MIN_RECEIVED} are needed`);
      }
      return (1e6 * (cpuSeconds(after) - cpuSeconds(before))) / received;
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
