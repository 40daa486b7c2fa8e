import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { FleetSnapshot } from '@oversoak/contracts';
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

  private constructor(answers: () => Answer, host: string) {
    this.host = host;
    this.server = createServer((socket) => {
      this.accepted += 1;
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

  async stop(): Promise<void> {
    this.server.close();
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
  const clients = startFleet({ host: server.host, port: server.port, ...fleet });
  try {
    await until(what, () => done(clients.snapshot()), 30_000);
  } finally {
    await clients.stop({ drainSeconds: 1 });
    await until('every connection closed', () => server.closed === server.accepted);
    await server.stop();
  }
  return clients.snapshot();
}
