// Many sessions on one server: how soon they are live, and what they take of memory.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { max, mean, min } from 'simple-statistics';
import { type Aim, atMost } from '../aim.ts';
import type { LinuxPrograms } from '../programs.ts';
import { ServerProcess } from '../server-process.ts';
import { runFleet } from './fleet-process.ts';
import { NOTIFIERS } from './servers.ts';

const SESSIONS = 20_000;
/** Files of a process beside its sessions'. */
const OTHER_FILES = 100;
const RAMP_UP_SECONDS = 4;
const LOOK_MS = 100;
/**
 * A fleet for each, so that none uses more than half of the client ports towards its server: beyond
 * that Linux looks through all ports of the same parity for each connect (`__inet_hash_connect`),
 * and the fleet's thread does hardly anything else.
 */
const HOSTS = ['127.0.0.1', '127.0.0.2'];
const AIMS = { liveSeconds: 5, bytesPerSession: 8192 };

export interface SessionsFigures {
  notifier: string;
  /** Fewer than wanted where a process may not have so many files open. */
  sessions: number;
  /** `Infinity`: they never were. */
  liveAfterSeconds: number;
  /** Private memory that the server's process gained, and the fleet's. */
  serverBytes: number;
  fleetBytes: number;
}

/** Each session has a message every second. */
export async function measureSessions(
  programs: LinuxPrograms,
  { seconds }: { seconds: number },
  signal: AbortSignal,
): Promise<SessionsFigures[]> {
  const figures: SessionsFigures[] = [];
  const sessions = Math.min(SESSIONS, (await maxOpenFiles()) - OTHER_FILES);
  for (const notifier of NOTIFIERS) {
    const args = [notifier, 'homo', 'oversoak', '0.0.0.0'];
    const server = await ServerProcess.native(notifier, programs.oversoakEcho, args);
    try {
      const before = await server.privateBytes();
      const each = sessions / HOSTS.length;
      const load = { port: server.port, sessions: each, rate: each, seconds };
      const highest = highestBytes(server);
      const fleets = await Promise.all(
        HOSTS.map((host) =>
          runFleet(programs.fleet, { ...load, host, rampUpSeconds: RAMP_UP_SECONDS }, signal),
        ),
      );
      const live = fleets.map(({ liveAfterSeconds }) => liveAfterSeconds);
      figures.push({
        notifier,
        sessions,
        liveAfterSeconds: min(live) < 0 ? Number.POSITIVE_INFINITY : max(live),
        serverBytes: ((await highest.end()) - before) / sessions,
        fleetBytes: mean(fleets.map(({ bytesPerSession }) => bytesPerSession)),
      });
    } finally {
      await server.stop();
    }
  }
  return figures;
}

/** The hard limit, to which the programs raise their own. */
async function maxOpenFiles(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8');
  const hard = /^Max open files +\S+ +(\d+)/m.exec(limits)?.[1];
  return hard === undefined ? Number.POSITIVE_INFINITY : Number(hard);
}

/** Looks at a server's memory until it is ended; answers the highest. */
function highestBytes(server: ServerProcess) {
  let ended = false;
  let highest = 0;
  const looking = (async () => {
    while (!ended) {
      highest = Math.max(highest, await server.privateBytes());
      await delay(LOOK_MS);
    }
    return highest;
  })();
  return {
    end() {
      ended = true;
      return looking;
    },
  };
}

export function sessionsAims(figures: readonly SessionsFigures[]): Aim[] {
  return figures.flatMap(({ notifier, sessions, liveAfterSeconds, serverBytes, fleetBytes }) => {
    const what = `${notifier}, ${sessions} sessions`;
    return [
      atMost(`${what}: all live`, AIMS.liveSeconds, liveAfterSeconds, 's'),
      atMost(`${what}: of the server, a session`, AIMS.bytesPerSession, serverBytes, 'bytes'),
      atMost(`${what}: of the fleet, a session`, AIMS.bytesPerSession, fleetBytes, 'bytes'),
    ];
  });
}
