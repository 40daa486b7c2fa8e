// The fleet beside sockperf (Debian's package): the same rate and sessions, on the same bare echo.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Aim, atMostTimes } from '../aim.ts';
import type { LinuxPrograms } from '../programs.ts';
import { type Ratio, ratioOf, ratioText } from '../ratio.ts';
import { CLIENT_CORE, ServerProcess } from '../server-process.ts';
import { runFleet } from './fleet-process.ts';

const run = promisify(execFile);

const MESSAGE_BYTES = 64;
/** `rate`: messages a second; 0: ping-pong, each at once after the echo before. */
const CASES = [
  { name: 'ping-pong', sessions: 1, rate: 0 },
  { name: 'under load', sessions: 50, rate: 10_000 },
];
const AIMS = { p99Times: 1.05, cpuTimes: 1 };

interface Taken {
  p99Us: number;
  /** CPU time for one message. */
  cpuUs: number;
}

export interface SockperfFigures {
  name: string;
  sessions: number;
  rate: number;
  /** Of the fleet to sockperf, within a round. */
  p99: Ratio;
  cpu: Ratio;
}

/** None where sockperf is not installed. */
export async function measureSockperf(
  programs: LinuxPrograms,
  { rounds, seconds }: { rounds: number; seconds: number },
  signal: AbortSignal,
): Promise<SockperfFigures[] | null> {
  if (!(await isInstalled())) return null;
  const servers: ServerProcess[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'oversoak-bench-'));
  try {
    const plain = await ServerProcess.native('bare epoll', programs.bareEcho);
    servers.push(plain);
    // The same program; sockperf takes only echoes without the flag that they are from a client.
    const flags = [String(MESSAGE_BYTES)];
    const other = await ServerProcess.native('bare epoll', programs.bareEcho, flags);
    servers.push(other);
    const figures: SockperfFigures[] = [];
    for (const { name, sessions, rate } of CASES) {
      const feed = join(folder, name.replaceAll(' ', '-'));
      await writeFile(feed, feedOf(sessions, other.port));
      const own: Taken[] = [];
      const peer: Taken[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const load = { port: plain.port, sessions, rate, seconds };
        const fleet = await runFleet(
          programs.fleet,
          { ...load, protocol: 'raw', messageBytes: MESSAGE_BYTES },
          signal,
        );
        own.push({ p99Us: fleet.p99Us, cpuUs: (1e6 * fleet.cpuSeconds) / fleet.echoes });
        peer.push(await runSockperf(feed, rate, seconds, signal));
      }
      const ratio = (figure: keyof Taken) =>
        ratioOf(
          own.map((taken) => taken[figure]),
          peer.map((taken) => taken[figure]),
        );
      figures.push({ name, sessions, rate, p99: ratio('p99Us'), cpu: ratio('cpuUs') });
    }
    return figures;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true });
  }
}

async function isInstalled(): Promise<boolean> {
  return run('sockperf', ['--version']).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/** sockperf wants another address for each of its connections. */
function feedOf(sessions: number, port: number): string {
  return Array.from({ length: sessions }, (_, i) => `T:127.0.0.${i + 1}:${port}\n`).join('');
}

async function runSockperf(
  feed: string,
  rate: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Taken> {
  const mode = rate === 0 ? ['ping-pong'] : ['under-load', '--mps', String(rate)];
  const reply = rate === 0 ? [] : ['--reply-every', '1'];
  const common = ['-f', feed, '-F', 'e', '-m', MESSAGE_BYTES, '-t', seconds, '--full-rtt'];
  const command = ['taskset', '-c', CLIENT_CORE, 'sockperf', ...mode, ...reply, ...common];
  // The shell's own `time` says what CPU time it took, in user mode and in the kernel.
  const timed = ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bash', ...command.map(String)];
  const { stdout, stderr } = await run('bash', timed, { signal, timeout: (seconds + 30) * 1000 });
  const number = (text: string, pattern: RegExp) => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`sockperf printed no ${pattern}: ${text}`);
    return Number(found);
  };
  const cpu = number(stderr, /^cpu ([\d.]+) /m) + number(stderr, /^cpu [\d.]+ ([\d.]+)$/m);
  const messages = number(stdout, /Total Run.*ReceivedMessages=(\d+)/);
  return { p99Us: number(stdout, /percentile 99\.000 = +([\d.]+)/), cpuUs: (1e6 * cpu) / messages };
}

export function sockperfAims(figures: readonly SockperfFigures[] | null): Aim[] {
  if (figures === null) {
    const actual = 'sockperf is not installed (Debian: apt-get install sockperf)';
    return [{ what: 'fleet beside sockperf', goal: 'p99 and CPU no more', actual, held: null }];
  }
  return figures.flatMap(({ name, p99, cpu }) => [
    atMostTimes(`fleet beside sockperf, ${name}: p99`, AIMS.p99Times, p99),
    atMostTimes(`fleet beside sockperf, ${name}: CPU of a message`, AIMS.cpuTimes, cpu),
  ]);
}

export function sockperfText(figures: readonly SockperfFigures[] | null): string {
  if (figures === null) return 'sockperf is not installed.';
  return figures
    .map(({ name, sessions, rate, p99, cpu }) => {
      const load = rate === 0 ? `${sessions} session` : `${sessions} sessions, ${rate}/s`;
      return `Fleet to sockperf, ${name} (${load}): p99 ${ratioText(p99)}, CPU ${ratioText(cpu)}`;
    })
    .join('\n');
}
