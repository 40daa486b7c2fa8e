// The fleet against a bare echo: how fast it is at its best, and how late.
import { median } from 'simple-statistics';
import { type Aim, atLeast, atMost } from '../aim.ts';
import { measureEcho } from '../client.ts';
import type { LinuxPrograms } from '../programs.ts';
import { type Ratio, ratioOf } from '../ratio.ts';
import { ServerProcess } from '../server-process.ts';
import { type FleetFigures, runFleet } from './fleet-process.ts';

const SESSIONS = 1000;
const AIMS = {
  echoesPerSecond: 100_000,
  /** Of that rate, in an open loop. */
  share: 0.8,
  sentWithinMs: 0.999,
  latenessRate: 20_000,
  latenessP50Us: 30,
  latenessP99Us: 300,
  latenessCores: 0.15,
};

export interface FleetBenchFigures {
  /** Medians over the rounds. */
  echoesPerSecond: number;
  cpuUsPerEcho: number;
  sentWithinMs: number;
  /** Of the bench's client, which checks each frame and keeps no account, on the same server. */
  clientEchoesPerSecond: number;
  toClient: Ratio;
}

export async function measureFleet(
  programs: LinuxPrograms,
  { rounds, seconds }: { rounds: number; seconds: number },
  signal: AbortSignal,
): Promise<FleetBenchFigures> {
  const server = await ServerProcess.native('bare epoll', programs.bareEcho);
  try {
    const closed: FleetFigures[] = [];
    const open: FleetFigures[] = [];
    const client: number[] = [];
    const { port } = server;
    for (let round = 0; round < rounds; round += 1) {
      const load = { port, sessions: SESSIONS, seconds };
      closed.push(await runFleet(programs.fleet, { ...load, rate: 0 }, signal));
      const { echoesPerSecond } = await measureEcho(
        programs.echoClient,
        { port },
        SESSIONS,
        seconds,
        signal,
      );
      client.push(echoesPerSecond);
      const rate = AIMS.share * AIMS.echoesPerSecond;
      open.push(await runFleet(programs.fleet, { ...load, rate }, signal));
    }
    const rates = closed.map(({ echoes, seconds }) => echoes / seconds);
    return {
      echoesPerSecond: median(rates),
      cpuUsPerEcho: median(closed.map(({ cpuSeconds, echoes }) => (1e6 * cpuSeconds) / echoes)),
      sentWithinMs: median(open.map(shareWithinMs)),
      clientEchoesPerSecond: median(client),
      toClient: ratioOf(rates, client),
    };
  } finally {
    await server.stop();
  }
}

/** Of what was due: what was never sent was not sent in time. */
function shareWithinMs({ due, sent, sentWithinMs }: FleetFigures): number {
  return (sentWithinMs * sent) / due;
}

export function fleetAims(figures: FleetBenchFigures): Aim[] {
  const what = `fleet, ${SESSIONS} sessions on a bare echo`;
  const rate = AIMS.share * AIMS.echoesPerSecond;
  return [
    atLeast(`${what}: verified`, AIMS.echoesPerSecond, figures.echoesPerSecond, 'echoes/s'),
    atLeast(
      `${what}: of the sends within 1 ms at ${rate}/s`,
      100 * AIMS.sentWithinMs,
      100 * figures.sentWithinMs,
      '%',
    ),
  ];
}

export interface LatenessFigures {
  p50Us: number;
  p99Us: number;
  cores: number;
  ofMilliseconds: { p50Us: number; p99Us: number; cores: number };
  /** More than with waits of milliseconds: median of the differences. */
  coresMore: number;
}

export async function measureLateness(
  programs: LinuxPrograms,
  { rounds, seconds }: { rounds: number; seconds: number },
  signal: AbortSignal,
): Promise<LatenessFigures> {
  const server = await ServerProcess.native('bare epoll', programs.bareEcho);
  try {
    const load = { port: server.port, sessions: SESSIONS, rate: AIMS.latenessRate, seconds };
    const own: FleetFigures[] = [];
    const other: FleetFigures[] = [];
    for (let round = 0; round < rounds; round += 1) {
      own.push(await runFleet(programs.fleet, load, signal));
      other.push(await runFleet(programs.fleetOfMilliseconds, load, signal));
    }
    const cores = ({ cpuSeconds, seconds }: FleetFigures) => cpuSeconds / seconds;
    const summary = (taken: readonly FleetFigures[]) => ({
      p50Us: median(taken.map(({ sendLagP50Us }) => sendLagP50Us)),
      p99Us: median(taken.map(({ sendLagP99Us }) => sendLagP99Us)),
      cores: median(taken.map(cores)),
    });
    return {
      ...summary(own),
      ofMilliseconds: summary(other),
      coresMore: median(
        own.map((figures, round) => cores(figures) - cores(other[round] as FleetFigures)),
      ),
    };
  } finally {
    await server.stop();
  }
}

export function latenessAims(figures: LatenessFigures): Aim[] {
  const what = `own lateness at ${AIMS.latenessRate}/s`;
  return [
    atMost(`${what}: p50`, AIMS.latenessP50Us, figures.p50Us, 'µs'),
    atMost(`${what}: p99`, AIMS.latenessP99Us, figures.p99Us, 'µs'),
    atMost(
      `${what}: more CPU than with waits of milliseconds`,
      AIMS.latenessCores,
      figures.coresMore,
      'cores',
    ),
  ];
}
