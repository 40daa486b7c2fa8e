import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { compileProtocol } from '@oversoak/contracts/protocol/compile';
import { cutMessage } from '@oversoak/contracts/protocol/framing';
import type { Program } from '@oversoak/contracts/protocol/program';

/** `number`: of the message in its connection, from 0. */
export type Answer = (message: Buffer, number: number, socket: Socket) => readonly Uint8Array[];

/** A server of a described protocol on 127.0.0.1, whose answers the test gives. */
export class FrameServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `description`: of a framing that tells where a message ends without a template. */
  static async start(description: unknown, answer: Answer): Promise<FrameServer> {
    const compiled = compileProtocol(description);
    if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
    const server = new FrameServer(createServer());
    server.#server.on('connection', (socket) => {
      server.#sockets.add(socket);
      socket.setNoDelay(true);
      // A reset is one of the ways in which a client may end.
      socket.on('error', () => undefined);
      socket.on('close', () => server.#sockets.delete(socket));
      answerAll(socket, compiled.program, answer);
    });
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }
}

function answerAll(socket: Socket, { framing, maxMessageBytes }: Program, answer: Answer): void {
  if (framing.by === 'template') throw new Error('the framing does not tell where a message ends');
  let received = Buffer.alloc(0);
  let number = 0;
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const cut = cutMessage(framing, received, maxMessageBytes);
      if (cut.status === 'broken') throw new Error(cut.detail);
      if (cut.status === 'incomplete') return;
      const message = received.subarray(0, cut.bytes);
      received = received.subarray(cut.bytes);
      for (const bytes of answer(message, number++, socket)) socket.write(bytes);
    }
  });
}
