// The product's servers on Linux beside a plain asio echo and a bare epoll loop.
import Table from 'cli-table3';
import { median } from 'simple-statistics';
import { type Aim, atLeastTimes, noLonger } from '../aim.ts';
import { type EchoMeasurement, measureEcho } from '../client.ts';
import type { LinuxPrograms } from '../programs.ts';
import { type Ratio, ratioOf, ratioText } from '../ratio.ts';
import { ServerProcess } from '../server-process.ts';

export interface ServersOptions {
  connections: readonly number[];
  rounds: number;
  seconds: number;
}

export type Protocol = 'oversoak' | 'raw';

const BARE = 'bare epoll';

/** Under `oversoak` frames are parsed and checked, which the peers do not. */
export const PEERS: Record<Protocol, { name: string; timesAtLeast: number }> = {
  oversoak: { name: 'asio', timesAtLeast: 1.3 },
  raw: { name: BARE, timesAtLeast: 0.9 },
};

export interface ServerFigures {
  server: string;
  protocol: Protocol;
  connections: number;
  /** Medians over the rounds. */
  echoesPerSecond: number;
  maxLatencyMs: number;
  serverCpuUs: number;
  clientBusy: number;
  /** To the peer; none of the peer itself. */
  toPeer?: { rate: Ratio; maxLatency: Ratio; cpu: Ratio };
}

interface Side {
  name: string;
  protocol: Protocol;
  process: ServerProcess;
  isPeer: boolean;
}

export const NOTIFIERS = ['epoll', 'io-uring'];

/** Measures A B C A B C ... for each number of connections. */
export async function measureServers(
  programs: LinuxPrograms,
  protocol: Protocol,
  options: ServersOptions,
  signal: AbortSignal,
): Promise<ServerFigures[]> {
  const sides: Side[] = [];
  try {
    for (const notifier of NOTIFIERS) {
      const args = [notifier, 'homo', protocol];
      const process = await ServerProcess.native(notifier, programs.oversoakEcho, args);
      sides.push({ name: notifier, protocol, process, isPeer: false });
    }
    const peers = { asio: programs.asioEcho, [BARE]: programs.bareEcho };
    for (const [name, program] of Object.entries(peers)) {
      const isPeer = name === PEERS[protocol].name;
      // The bare loop is measured beside asio as well: no server of one thread can be much faster.
      if (!isPeer && name !== BARE) continue;
      const process = await ServerProcess.native(name, program);
      sides.push({ name, protocol, process, isPeer });
    }
    const figures: ServerFigures[] = [];
    for (const connections of options.connections) {
      const taken = new Map<Side, EchoMeasurement[]>(sides.map((side) => [side, []]));
      for (let round = 0; round < options.rounds; round += 1) {
        for (const [side, measured] of taken) {
          const { echoClient } = programs;
          const { seconds } = options;
          measured.push(await measureEcho(echoClient, side.process, connections, seconds, signal));
        }
      }
      figures.push(...summaries(taken, connections));
    }
    return figures;
  } finally {
    await Promise.all(sides.map(({ process }) => process.stop()));
  }
}

function summaries(
  taken: ReadonlyMap<Side, readonly EchoMeasurement[]>,
  connections: number,
): ServerFigures[] {
  const peer = [...taken].find(([side]) => side.isPeer)?.[1] ?? [];
  return [...taken].map(([side, measured]) => {
    const all = (rounds: readonly EchoMeasurement[], figure: keyof EchoMeasurement) =>
      rounds.map((round) => round[figure]);
    const middle = (figure: keyof EchoMeasurement) => median(all(measured, figure));
    const ratio = (figure: keyof EchoMeasurement) =>
      ratioOf(all(measured, figure), all(peer, figure));
    const toPeer = {
      rate: ratio('echoesPerSecond'),
      maxLatency: ratio('maxLatencyMs'),
      cpu: ratio('serverCpuUs'),
    };
    return {
      server: side.name,
      protocol: side.protocol,
      connections,
      echoesPerSecond: middle('echoesPerSecond'),
      maxLatencyMs: middle('maxLatencyMs'),
      serverCpuUs: middle('serverCpuUs'),
      clientBusy: middle('clientBusy'),
      ...(side.isPeer ? {} : { toPeer }),
    };
  });
}

/** One of the two notifiers has to hold both aims at each number of connections. */
export function serverAims(figures: readonly ServerFigures[]): Aim[] {
  const groups = Map.groupBy(figures, (figure) => `${figure.protocol} ${figure.connections}`);
  return [...groups.values()].flatMap((group) => {
    const own = group.flatMap(({ toPeer, ...figure }) =>
      toPeer && NOTIFIERS.includes(figure.server) ? [{ ...figure, toPeer }] : [],
    );
    const best = own.reduce((a, b) => (b.toPeer.rate.median > a.toPeer.rate.median ? b : a));
    const { name, timesAtLeast } = PEERS[best.protocol];
    const what = `${best.server} beside ${name}, ${best.connections} connections`;
    const rate = atLeastTimes(`${what}: rate`, timesAtLeast, best.toPeer.rate);
    const maximum = noLonger(`${what}: max latency`, best.toPeer.maxLatency);
    return best.protocol === 'oversoak' ? [rate, maximum] : [rate];
  });
}

export function serversTable(figures: readonly ServerFigures[]): string {
  const table = new Table({
    head: ['connections', 'server', 'echoes/s', 'max ms', 'CPU µs', 'client busy', 'rate', 'CPU'],
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const figure of figures) {
    table.push([
      figure.connections,
      figure.server,
      figure.echoesPerSecond.toFixed(0),
      figure.maxLatencyMs.toFixed(1),
      figure.serverCpuUs.toFixed(1),
      `${(100 * figure.clientBusy).toFixed(0)} %`,
      figure.toPeer ? ratioText(figure.toPeer.rate) : '',
      figure.toPeer ? ratioText(figure.toPeer.cpu) : '',
    ]);
  }
  return table.toString();
}
