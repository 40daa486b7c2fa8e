import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A plain TCP client, so that the server is not only tested with our own fleet. */
export class Peer {
  readonly socket: Socket;
  private received: Buffer = Buffer.alloc(0);
  private wake: () => void = () => {};
  private ended = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.wake();
    });
    // A reset by the server is one of the ways in which a session may end.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  static async connect(port: number): Promise<Peer> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new Peer(socket);
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** The next `size` bytes; throws when the connection ends before. */
  async take(size: number): Promise<Buffer> {
    while (this.received.length < size) {
      if (this.ended) throw new Error(`closed after ${this.received.length} of ${size} bytes`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const taken = this.received.subarray(0, size);
    this.received = this.received.subarray(size);
    return taken;
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    if (!this.ended) await once(this.socket, 'close');
  }
}
