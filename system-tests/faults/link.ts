import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What a link does with connections and bytes. */
type Condition =
  | 'open'
  /** Connections end, new ones as well. */
  | 'cut'
  /** Connections stay and new ones are taken, but every byte vanishes. */
  | 'swallowing';

/** A connection that was in a link when that swallowed bytes has lost some and stays dead. */
interface Connection {
  near: Socket;
  far: Socket;
  dead: boolean;
}

/** The network between one agent and Redis: a TCP proxy that can be cut and healed. */
export class Link {
  readonly #server: Server;
  readonly #farPort: number;
  readonly #connections = new Set<Connection>();
  #condition: Condition = 'open';

  private constructor(farPort: number) {
    this.#farPort = farPort;
    this.#server = createServer((near) => this.#took(near));
  }

  static async open(farPort: number): Promise<Link> {
    const link = new Link(farPort);
    link.#server.listen(0, '127.0.0.1');
    await once(link.#server, 'listening');
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    this.#condition = 'cut';
    for (const connection of this.#connections) end(connection);
  }

  swallow(): void {
    this.#condition = 'swallowing';
    for (const connection of this.#connections) connection.dead = true;
  }

  heal(): void {
    this.#condition = 'open';
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #took(near: Socket): void {
    if (this.#condition === 'cut') {
      near.destroy();
      return;
    }
    const far = connect({ host: '127.0.0.1', port: this.#farPort });
    const connection = { near, far, dead: this.#condition === 'swallowing' };
    this.#connections.add(connection);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay();
      from.on('data', (bytes) => {
        if (!connection.dead) to.write(bytes);
      });
      // A side that fails says so by its close.
      from.on('error', () => undefined);
      from.on('close', () => {
        if (connection.dead) from.destroy();
        else end(connection);
        if (near.closed && far.closed) this.#connections.delete(connection);
      });
    }
  }
}

function end({ near, far }: Connection): void {
  near.destroy();
  far.destroy();
}
