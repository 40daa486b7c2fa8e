import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import {
  type FleetSnapshot,
  histogramText,
  ledgerBalances,
  readHistogram,
} from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { type FleetRequest, startFleet } from '../src/index.ts';

/** What a server of Node's own does with what comes; the plain one sends it back. */
export type Answer = (socket: Socket, bytes: Buffer) => void;
export const echo: Answer = (socket, bytes) => void socket.write(bytes);

/** An echo server that is not ours, and how its connections came and went. */
export class ForeignServer {
  accepted = 0;
  ended = 0;
  reset = 0;
  closed = 0;
  readonly host: string;
  private readonly server: Server;
  private readonly open = new Set<Socket>();

  private constructor(answers: () => Answer, host: string) {
    this.host = host;
    this.server = createServer((socket) => {
      this.accepted += 1;
      this.open.add(socket);
      socket.setNoDelay(true);
      const answer = answers();
      socket.on('data', (bytes) => answer(socket, bytes));
      socket.on('end', () => {
        this.ended += 1;
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNRESET') this.reset += 1;
      });
      socket.on('close', () => {
        this.closed += 1;
        this.open.delete(socket);
      });
    });
  }

  /** `answers`: makes what answers one connection. */
  static async start(
    answers: () => Answer = () => echo,
    host = '127.0.0.1',
  ): Promise<ForeignServer> {
    const foreign = new ForeignServer(answers, host);
    foreign.server.listen(0, host);
    await once(foreign.server, 'listening');
    return foreign;
  }

  get port(): number {
    const address = this.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return address.port;
  }

  /** Wine can keep a connection of a process that crashed, so it does not wait for their ends. */
  async stop(): Promise<void> {
    this.server.close();
    for (const socket of this.open) socket.destroy();
    await once(this.server, 'close');
  }
}

/** A fleet against a server of Node's own until `done`; the final figures. */
export async function load(
  server: ForeignServer,
  fleet: Omit<FleetRequest, 'host' | 'port'>,
  what: string,
  done: (figures: FleetSnapshot) => boolean,
): Promise<FleetSnapshot> {
  try {
    const clients = startFleet({ host: server.host, port: server.port, ...fleet });
    try {
      await until(what, () => done(clients.snapshot()), 30_000);
    } finally {
      await clients.stop({ drainSeconds: 1 });
    }
    await until('every connection closed', () => server.closed === server.accepted);
    return clients.snapshot();
  } finally {
    await server.stop();
  }
}

export function assertErrors(
  fleet: FleetSnapshot,
  expected: Partial<FleetSnapshot['errors']>,
): void {
  const none = Object.fromEntries(Object.keys(fleet.errors).map((name) => [name, 0]));
  assert.deepEqual(fleet.errors, { ...none, ...expected });
}

export function assertFlawless(fleet: FleetSnapshot): void {
  assertErrors(fleet, {});
  assert.ok(ledgerBalances(fleet.ledger), JSON.stringify(fleet.ledger));
  assert.equal(fleet.ledger.echoed, fleet.ledger.sent, JSON.stringify(fleet.ledger));
  assert.equal(fleet.sessions.live, 0);
}

/** Every echo has a latency, but for those that the fleet itself disturbed by standing still. */
export function latencies({ measured: { latency, load } }: FleetSnapshot): number {
  return readHistogram(histogramText(latency.intended)).totalCount + load.disturbed;
}

const ECHO8_BYTES = 10;

/** Cuts the stream into messages of echo8, each to be answered. */
export function byMessage(
  answer: (socket: Answered, message: Buffer, index: number) => void,
): Answer {
  let rest = Buffer.alloc(0);
  let index = 0;
  return (socket, bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (; rest.length >= ECHO8_BYTES; rest = rest.subarray(ECHO8_BYTES), index += 1) {
      answer(socket, rest.subarray(0, ECHO8_BYTES), index);
    }
  };
}
type Answered = Parameters<Answer>[0];
