// Compares the project's iocp echo server with plain peers: the same client, interleaved in one
// run.
import { fileURLToPath } from 'node:url';
import { windowsToolchain } from '@oversoak/agent/wine';
import Table from 'cli-table3';
import { max, median } from 'simple-statistics';
import { type Aim, atLeastTimes, noLonger } from './aim.ts';
import { type EchoMeasurement, measureEcho } from './client.ts';
import { buildAsioEcho, buildEchoClient } from './programs.ts';
import { type Ratio, ratioOf, ratioText } from './ratio.ts';
import { ServerProcess } from './server-process.ts';

export interface EchoBenchOptions {
  connections: readonly number[];
  rounds: number;
  seconds: number;
  /** Options of the project's server that override its defaults. */
  server: Record<string, unknown>;
}

export interface EchoFigures {
  server: string;
  connections: number;
  /** Median over the rounds. */
  echoesPerSecond: number;
  /** Median and maximum over the rounds; includes connections that still wait at the end. */
  maxLatencyMs: number;
  worstLatencyMs: number;
  /** The project's rate divided by this server's, within a round. */
  projectRate: Ratio;
  projectMaxLatency: Ratio;
}

const PROJECT = 'oversoak iocp';
const PEER = 'asio';
/** Beside the peer, at these numbers of connections. With one, both wait for wineserver alone. */
const AIM = { timesAtLeast: 1.1, connections: [50, 500] };

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
    [PEER, [buildAsioEcho()]],
    ['node net', [nodeExe, script('node-echo')]],
  ];
  const servers: ServerProcess[] = [];
  try {
    for (const [name, argv] of programs) {
      signal.throwIfAborted();
      servers.push(await ServerProcess.underWine(name, argv));
    }
    const figures: EchoFigures[] = [];
    for (const connections of options.connections) {
      const rounds: EchoMeasurement[][] = [];
      for (let round = 0; round < options.rounds; round += 1) {
        const taken: EchoMeasurement[] = [];
        for (const { port } of servers) {
          taken.push(await measureEcho(client, { port }, connections, options.seconds, signal));
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

/** `rounds`: the measurements of all servers per round, the project's first. */
function summary(
  server: string,
  connections: number,
  rounds: readonly EchoMeasurement[][],
  index: number,
): EchoFigures {
  const own = rounds.flatMap((round) => round[index] ?? []);
  const project = rounds.flatMap((round) => round[0] ?? []);
  const ratio = (figure: keyof EchoMeasurement) =>
    ratioOf(
      project.map((measured) => measured[figure]),
      own.map((measured) => measured[figure]),
    );
  const latencies = own.map((measured) => measured.maxLatencyMs);
  return {
    server,
    connections,
    echoesPerSecond: median(own.map((measured) => measured.echoesPerSecond)),
    maxLatencyMs: median(latencies),
    worstLatencyMs: max(latencies),
    projectRate: ratio('echoesPerSecond'),
    projectMaxLatency: ratio('maxLatencyMs'),
  };
}

export function echoAims(figures: readonly EchoFigures[]): Aim[] {
  const judged = figures.filter(
    ({ server, connections }) => server === PEER && AIM.connections.includes(connections),
  );
  return judged.flatMap(({ connections, projectRate, projectMaxLatency }) => {
    const what = `${PROJECT} beside ${PEER} under Wine, ${connections} connections`;
    return [
      atLeastTimes(`${what}: rate`, AIM.timesAtLeast, projectRate),
      noLonger(`${what}: max latency`, projectMaxLatency),
    ];
  });
}

/** The figures, and beside each peer the project's ratios to it. */
export function echoTable(figures: readonly EchoFigures[]): string {
  const table = new Table({
    head: ['connections', 'server', 'echoes/s', 'max ms', 'worst ms', 'rate ours', 'max ours'],
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { server, connections, ...figure } of figures) {
    const times = (ratio: Ratio) => (server === PROJECT ? '' : ratioText(ratio));
    table.push([
      connections,
      server,
      figure.echoesPerSecond.toFixed(0),
      figure.maxLatencyMs.toFixed(1),
      figure.worstLatencyMs.toFixed(1),
      times(figure.projectRate),
      times(figure.projectMaxLatency),
    ]);
  }
  return table.toString();
}
