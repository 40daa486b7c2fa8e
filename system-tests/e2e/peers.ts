// Echo servers of Linux that a fleet is aimed at, each with a fault of its own.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { siblingModule } from '@oversoak/testing/repository';

/** What comes back for what came. */
export type Answer = (bytes: Buffer) => Buffer;
export const asItCame: Answer = (bytes) => bytes;

/** A plain Node echo server; every connection answers by an `Answer` of its own. */
export async function echoServer(
  context: TestContext,
  answers: () => Answer = () => asItCame,
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const answer = answers();
    keep(socket, sockets);
    socket.on('data', (bytes) => socket.write(answer(bytes)));
  });
  return listening(context, server, sockets);
}

/** The port of a server that ends, with its sockets, when the test does. */
async function listening(
  context: TestContext,
  server: Server,
  sockets: ReadonlySet<Socket>,
): Promise<number> {
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function keep(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.setNoDelay(true);
  // A fleet resets a connection that it gives up.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
}

export interface FreezableServer {
  port: number;
  /** Keeps what comes for a while, as a server that stands still does. */
  freeze(forMs: number): void;
}

/** Echoes at once while it is not frozen. */
export async function freezableServer(
  context: TestContext,
  onFirst: () => void = () => undefined,
): Promise<FreezableServer> {
  const sockets = new Set<Socket>();
  let thawing: NodeJS.Timeout | undefined;
  let asked = false;
  const server = createServer((socket) => {
    keep(socket, sockets);
    socket.on('data', (bytes) => {
      if (!asked) onFirst();
      asked = true;
      socket.write(bytes);
    });
  });
  // What comes meanwhile waits in the system, as with a process that is stopped.
  const thaw = () => {
    for (const socket of sockets) socket.resume();
  };
  context.after(() => clearTimeout(thawing));
  return {
    port: await listening(context, server, sockets),
    freeze: (forMs) => {
      for (const socket of sockets) socket.pause();
      thawing = setTimeout(thaw, forMs);
    },
  };
}

/** One that freezes by itself, `afterMs` after the first message. */
export async function freezingServer(
  context: TestContext,
  { afterMs, forMs }: { afterMs: number; forMs: number },
): Promise<number> {
  let freezing: NodeJS.Timeout | undefined;
  context.after(() => clearTimeout(freezing));
  const server = await freezableServer(context, () => {
    freezing = setTimeout(() => server.freeze(forMs), afterMs);
  });
  return server.port;
}

/** Echoes everything after a time. */
export async function delayingServer(context: TestContext, delayMs: number): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    keep(socket, sockets);
    socket.on('data', (bytes) => setTimeout(() => socket.write(bytes), delayMs));
  });
  return listening(context, server, sockets);
}

/** Echoes what comes on all connections one after another, each piece in `serviceMs`. */
export async function queueingServer(context: TestContext, serviceMs: number): Promise<number> {
  const sockets = new Set<Socket>();
  let busyUntil = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    keep(socket, sockets);
    socket.on('data', (bytes) => {
      const now = performance.now();
      busyUntil = Math.max(now, busyUntil) + serviceMs;
      setTimeout(() => socket.write(bytes), busyUntil - now);
    });
  });
  return listening(context, server, sockets);
}

/** Echoes for `forMs` after the first message, and then only once the client has ended its side. */
export async function answeringTheEnd(context: TestContext, forMs: number): Promise<number> {
  const sockets = new Set<Socket>();
  let since: number | undefined;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    keep(socket, sockets);
    const kept: Buffer[] = [];
    socket.on('data', (bytes) => {
      since ??= performance.now();
      if (performance.now() - since < forMs) socket.write(bytes);
      else kept.push(bytes);
    });
    socket.on('end', () => socket.end(Buffer.concat(kept)));
  });
  return listening(context, server, sockets);
}

/** Echoes, and closes its side only `forMs` after the client closed its own. */
export async function slowToCloseServer(context: TestContext, forMs: number): Promise<number> {
  const sockets = new Set<Socket>();
  const closings = new Set<NodeJS.Timeout>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    keep(socket, sockets);
    socket.on('data', (bytes) => socket.write(bytes));
    socket.on('end', () => closings.add(setTimeout(() => socket.end(), forMs)));
  });
  context.after(() => {
    for (const closing of closings) clearTimeout(closing);
  });
  return listening(context, server, sockets);
}

const ACCEPTOR = fileURLToPath(siblingModule(import.meta.url, 'inside/acceptor'));

/**
 * Accepts so many connections and echoes on them; the SYNs of all further ones are swallowed. The
 * listening socket belongs to a process that is stopped once it has handed over the connections, so
 * that its backlog fills and stays full.
 */
export async function swallowingServer(context: TestContext, accepted: number): Promise<number> {
  const sockets = new Set<Socket>();
  const acceptor = fork(ACCEPTOR, [String(accepted)], { serialization: 'advanced' });
  context.after(async () => {
    for (const socket of sockets) socket.destroy();
    acceptor.kill('SIGKILL');
    if (acceptor.exitCode === null && acceptor.signalCode === null) await once(acceptor, 'exit');
  });
  const [{ port }] = (await once(acceptor, 'message')) as [{ port: number }];
  acceptor.on('message', (_, handle) => {
    const socket = handle as Socket;
    keep(socket, sockets);
    socket.on('data', (bytes) => socket.write(bytes));
    if (sockets.size === accepted) fillBacklog(acceptor, port, sockets);
  });
  return port;
}

/** More than the listener's backlog of 1 has room for. */
const FILLERS = 4;

function fillBacklog(acceptor: ChildProcess, port: number, sockets: Set<Socket>): void {
  acceptor.kill('SIGSTOP');
  for (let filler = 0; filler < FILLERS; filler += 1) {
    keep(connect({ host: '127.0.0.1', port }), sockets);
  }
}
