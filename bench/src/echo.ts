// The project's iocp echo beside plain peers: the same client, alternating in one run.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { windowsToolchain } from '@oversoak/agent/wine';
import Table from 'cli-table3';
import { max, median } from 'simple-statistics';
import { buildAsioEcho, buildEchoClient } from './programs.ts';
import { ServerProcess } from './server-process.ts';

const run = promisify(execFile);

export interface EchoBenchOptions {
  connections: readonly number[];
  rounds: number;
  seconds: number;
  /** Options of the project's server, over its defaults. */
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
  /** Medians and the worst over the rounds; a connection that still waits at the end counts. */
  maxLatencyMs: number;
  worstLatencyMs: number;
}

const PROJECT = 'oversoak iocp';

const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** Takes A B C A B C ..., for each number of connections. */
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
      const taken = new Map(servers.map((server) => [server, [] as Measurement[]]));
      for (let round = 0; round < options.rounds; round += 1) {
        for (const [server, measurements] of taken) {
          measurements.push(await measure(client, server, connections, options.seconds, signal));
        }
      }
      for (const [server, measurements] of taken) {
        figures.push(summary(server.name, connections, measurements));
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
  const { stdout } = await run(client, args, { signal, timeout: (seconds + 30) * 1000 });
  const result = JSON.parse(stdout);
  return {
    echoesPerSecond: result.echoes / result.seconds,
    maxLatencyMs: result.maxLatencyUs / 1000,
  };
}

function summary(server: string, connections: number, taken: Measurement[]): EchoFigures {
  const latencies = taken.map((measurement) => measurement.maxLatencyMs);
  return {
    server,
    connections,
    echoesPerSecond: median(taken.map((measurement) => measurement.echoesPerSecond)),
    maxLatencyMs: median(latencies),
    worstLatencyMs: max(latencies),
  };
}

/** The figures, and what the project's are to the best of the peers. */
export function echoTable(figures: readonly EchoFigures[]): string {
  const table = new Table({
    head: [
      'connections',
      'server',
      'echoes/s',
      'max ms',
      'worst ms',
      'rate to best',
      'max to best',
    ],
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const own of figures) {
    const peers = figures.filter(
      (other) => other.connections === own.connections && other.server !== PROJECT,
    );
    const best = Math.max(...peers.map((peer) => peer.echoesPerSecond));
    const calmest = Math.min(...peers.map((peer) => peer.maxLatencyMs));
    const ratio = (value: number) => (own.server === PROJECT ? `${value.toFixed(2)} x` : '');
    table.push([
      own.connections,
      own.server,
      own.echoesPerSecond.toFixed(0),
      own.maxLatencyMs.toFixed(1),
      own.worstLatencyMs.toFixed(1),
      ratio(own.echoesPerSecond / best),
      ratio(own.maxLatencyMs / calmest),
    ]);
  }
  return table.toString();
}
