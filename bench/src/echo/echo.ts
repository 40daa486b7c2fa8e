// Compares the project's iocp echo server with plain peers: the same client, interleaved in one
// run.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { windowsToolchain } from '@oversoak/agent/wine';
import Table from 'cli-table3';
import { max, median } from 'simple-statistics';
import { buildAsioEcho, buildEchoClient } from './programs.ts';
import { CLIENT_CORE, ServerProcess } from './server-process.ts';

const run = promisify(execFile);

export interface EchoBenchOptions {
  connections: readonly number[];
  rounds: number;
  seconds: number;
  /** Options of the project's server that override its defaults. */
  server: Record<string, unknown>;
}

interface Measurement {
  echoesPerSecond: number;
  maxLatencyMs: number;
}

export interface EchoFigures {
  server: string;
  connections: number;
  /** Median over the rounds. */
  echoesPerSecond: number;
  /** Median and maximum over the rounds; includes connections that still wait at the end. */
  maxLatencyMs: number;
  worstLatencyMs: number;
  /** The project's rate divided by this server's, per round: the median. */
  projectRateRatio: number;
  /** The project's maximum latency divided by this server's, per round: the median. */
  projectMaxLatencyRatio: number;
}

const PROJECT = 'oversoak iocp';

const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** Measures A B C A B C ... for each number of connections. */
export async function benchEcho(
  options: EchoBenchOptions,
  signal: AbortSignal,
): Promise<EchoFigures[]> {
  const client = buildEchoClient();
  const { nodeExe } = windowsToolchain();
  const programs: [string, string[]][] = [
    [PROJECT, [nodeExe, script('native-echo'), JSON.stringify(options.server)]],
    ['asio', [buildAsioEcho()]],
    ['node net', [nodeExe, script('node-echo')]],
  ];
  const servers: ServerProcess[] = [];
  try {
    for (const [name, argv] of programs) {
      signal.throwIfAborted();
      servers.push(await ServerProcess.start(name, argv));
    }
    const figures: EchoFigures[] = [];
    for (const connections of options.connections) {
      const rounds: Measurement[][] = [];
      for (let round = 0; round < options.rounds; round += 1) {
        const taken: Measurement[] = [];
        for (const server of servers) {
          taken.push(await measure(client, server, connections, options.seconds, signal));
        }
        rounds.push(taken);
      }
      for (const [index, { name }] of servers.entries()) {
        figures.push(summary(name, connections, rounds, index));
      }
    }
    return figures;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function measure(
  client: string,
  server: ServerProcess,
  connections: number,
  seconds: number,
  signal: AbortSignal,
): Promise<Measurement> {
  const warmUpSeconds = 0.5;
  const args = [server.port, connections, warmUpSeconds, seconds].map(String);
  const { stdout } = await run('taskset', ['-c', CLIENT_CORE, client, ...args], {
    signal,
    timeout: (seconds + 30) * 1000,
  });
  const result = JSON.parse(stdout);
  return {
    echoesPerSecond: result.echoes / result.seconds,
    maxLatencyMs: result.maxLatencyUs / 1000,
  };
}

/** `rounds`: the measurements of all servers per round, the project's first. */
function summary(
  server: string,
  connections: number,
  rounds: readonly Measurement[][],
  index: number,
): EchoFigures {
  const own = rounds.flatMap((round) => round[index] ?? []);
  const project = rounds.flatMap((round) => round[0] ?? []);
  const ratio = (figure: keyof Measurement) =>
    median(own.map((measured, round) => (project[round]?.[figure] ?? 0) / measured[figure]));
  const latencies = own.map((measured) => measured.maxLatencyMs);
  return {
    server,
    connections,
    echoesPerSecond: median(own.map((measured) => measured.echoesPerSecond)),
    maxLatencyMs: median(latencies),
    worstLatencyMs: max(latencies),
    projectRateRatio: ratio('echoesPerSecond'),
    projectMaxLatencyRatio: ratio('maxLatencyMs'),
  };
}

/** The figures, and beside each peer the project's ratios to it. */
export function echoTable(figures: readonly EchoFigures[]): string {
  const table = new Table({
    head: ['connections', 'server', 'echoes/s', 'max ms', 'worst ms', 'rate ours', 'max ours'],
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { server, connections, ...figure } of figures) {
    const times = (ratio: number) => (server === PROJECT ? '' : `${ratio.toFixed(2)} x`);
    table.push([
      connections,
      server,
      figure.echoesPerSecond.toFixed(0),
      figure.maxLatencyMs.toFixed(1),
      figure.worstLatencyMs.toFixed(1),
      times(figure.projectRateRatio),
      times(figure.projectMaxLatencyRatio),
    ]);
  }
  return table.toString();
}
