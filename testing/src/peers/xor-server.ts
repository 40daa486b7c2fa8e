import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A message of the protocol of examples/plugin/xor.c, in clear. */
export interface XorMessage {
  /** 1: a request, or its answer; 2: a push; 3: an error. */
  kind: number;
  number: number;
  payload: Buffer;
}

/** `count`: of the request in its connection, from 0. */
export type XorAnswer = (request: XorMessage, count: number) => readonly XorMessage[];

const LENGTH_BYTES = 2;
const HEAD_BYTES = 5;
const KEY = 0x1234abcd;

/** A server of that protocol on 127.0.0.1, whose answers the test gives. */
export class XorServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  static async start(answer: XorAnswer = (request) => [request]): Promise<XorServer> {
    const server = new XorServer(createServer());
    server.#server.on('connection', (socket) => {
      server.#sockets.add(socket);
      socket.setNoDelay(true);
      // A reset is one of the ways in which a client may end.
      socket.on('error', () => undefined);
      socket.on('close', () => server.#sockets.delete(socket));
      serve(socket, answer);
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

function serve(socket: Socket, answer: XorAnswer): void {
  const received = keyStream(KEY);
  const sent = keyStream(~KEY);
  let unread = Buffer.alloc(0);
  let count = 0;
  const greeting = Buffer.alloc(4);
  greeting.writeUInt32BE(KEY);
  socket.write(greeting);
  socket.on('data', (chunk) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      if (unread.length < LENGTH_BYTES) return;
      const end = LENGTH_BYTES + unread.readUInt16BE();
      if (unread.length < end) return;
      const body = received(unread.subarray(LENGTH_BYTES, end));
      unread = unread.subarray(end);
      const request = {
        kind: body.readUInt8(),
        number: body.readUInt32BE(1),
        payload: body.subarray(HEAD_BYTES),
      };
      for (const message of answer(request, count++)) socket.write(written(message, sent));
    }
  });
}

function written({ kind, number, payload }: XorMessage, code: (bytes: Buffer) => Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(kind);
  head.writeUInt32BE(number, 1);
  const body = code(Buffer.concat([head, payload]));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(body.length);
  return Buffer.concat([length, body]);
}

/** Codes the bytes of one direction, which go on from call to call (xorshift32). */
function keyStream(key: number): (bytes: Buffer) => Buffer {
  let x = key >>> 0;
  return (bytes) =>
    Buffer.from(
      bytes.map((byte) => {
        x = (x ^ (x << 13)) >>> 0;
        x = (x ^ (x >>> 17)) >>> 0;
        x = (x ^ (x << 5)) >>> 0;
        return byte ^ (x >>> 24);
      }),
    );
}
