// npm run bench -- echo --platform linux: the core without Wine and without Node.
import type { Aim } from '../aim.ts';
import { aimsTable, allHeld } from '../aim.ts';
import { buildLinuxPrograms, type LinuxPrograms } from '../programs.ts';
import { ratioText } from '../ratio.ts';
import {
  type FleetBenchFigures,
  fleetAims,
  type LatenessFigures,
  latenessAims,
  measureFleet,
  measureLateness,
} from './fleet.ts';
import {
  measureServers,
  PEERS,
  type Protocol,
  type ServersOptions,
  serverAims,
  serversTable,
} from './servers.ts';
import { measureSessions, type SessionsFigures, sessionsAims } from './sessions.ts';
import { measureSockperf, sockperfAims, sockperfText } from './sockperf.ts';

export const PARTS = ['servers', 'raw', 'fleet', 'lateness', 'sockperf', 'sessions'] as const;
export type Part = (typeof PARTS)[number];

export interface LinuxEchoOptions extends ServersOptions {
  parts: readonly Part[];
}

export interface LinuxEchoResult {
  /** Of each part that ran. */
  figures: Partial<Record<Part, unknown>>;
  aims: Aim[];
}

type Measure = (
  programs: LinuxPrograms,
  options: LinuxEchoOptions,
  signal: AbortSignal,
) => Promise<{ figures: unknown; text: string; aims: Aim[] }>;

const MEASURES: Record<Part, Measure> = {
  servers: (programs, options, signal) => servers(programs, 'oversoak', options, signal),
  raw: (programs, options, signal) => servers(programs, 'raw', options, signal),
  async fleet(programs, options, signal) {
    const figures = await measureFleet(programs, options, signal);
    return { figures, text: fleetText(figures), aims: fleetAims(figures) };
  },
  async lateness(programs, options, signal) {
    const figures = await measureLateness(programs, options, signal);
    return { figures, text: latenessText(figures), aims: latenessAims(figures) };
  },
  async sockperf(programs, options, signal) {
    const figures = await measureSockperf(programs, options, signal);
    return { figures, text: sockperfText(figures), aims: sockperfAims(figures) };
  },
  async sessions(programs, options, signal) {
    const figures = await measureSessions(programs, options, signal);
    return { figures, text: sessionsText(figures), aims: sessionsAims(figures) };
  },
};

/** Prints what it measures and whether each aim is held. */
export async function benchEchoOnLinux(
  options: LinuxEchoOptions,
  signal: AbortSignal,
): Promise<LinuxEchoResult & { held: boolean }> {
  const programs = buildLinuxPrograms();
  const result: LinuxEchoResult = { figures: {}, aims: [] };
  for (const part of options.parts) {
    const { figures, text, aims } = await MEASURES[part](programs, options, signal);
    console.log(text);
    result.figures[part] = figures;
    result.aims.push(...aims);
  }
  console.log(aimsTable(result.aims));
  return { ...result, held: allHeld(result.aims) };
}

async function servers(
  programs: LinuxPrograms,
  protocol: Protocol,
  options: ServersOptions,
  signal: AbortSignal,
) {
  const figures = await measureServers(programs, protocol, options, signal);
  const heading = [
    `Echo on Linux, protocol ${protocol}, 64 bytes, one in flight per connection; server and client`,
    `have a core each. "rate" and "CPU": ratio to ${PEERS[protocol].name} within a round (quartiles).`,
  ].join('\n');
  return { figures, text: `${heading}\n${serversTable(figures)}`, aims: serverAims(figures) };
}

function fleetText(figures: FleetBenchFigures): string {
  const { echoesPerSecond, cpuUsPerEcho, clientEchoesPerSecond, toClient } = figures;
  return [
    `Fleet, one thread, on a bare echo: ${echoesPerSecond.toFixed(0)} echoes/s, `,
    `${cpuUsPerEcho.toFixed(1)} µs of CPU each; the bench's client, which keeps no account: `,
    `${clientEchoesPerSecond.toFixed(0)} echoes/s. Fleet to client: ${ratioText(toClient)}.`,
  ].join('');
}

function latenessText({ p50Us, p99Us, cores, ofMilliseconds }: LatenessFigures): string {
  const side = (figures: typeof ofMilliseconds) =>
    `p50 ${figures.p50Us.toFixed(1)} µs, p99 ${figures.p99Us.toFixed(1)} µs, ${figures.cores.toFixed(2)} cores`;
  return `Own lateness: ${side({ p50Us, p99Us, cores })}; with waits of milliseconds: ${side(ofMilliseconds)}.`;
}

function sessionsText(figures: readonly SessionsFigures[]): string {
  return figures
    .map(({ notifier, liveAfterSeconds, serverBytes, fleetBytes }) => {
      const live = `all live after ${liveAfterSeconds.toFixed(2)} s`;
      const bytes = `${serverBytes.toFixed(0)} bytes a session of the server, ${fleetBytes.toFixed(0)} of the fleet`;
      return `${notifier}: ${live}, ${bytes}`;
    })
    .join('\n');
}
