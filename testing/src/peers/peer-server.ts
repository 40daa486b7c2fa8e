import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import getPort from 'get-port';
import { until } from '../waiting/until.ts';

/** Servers of Debian's packages, whose protocols presets/protocols describes. */
const PEERS = {
  memcached: {
    program: '/usr/bin/memcached',
    // As root it asks for a user.
    words: (port: number) => ['-l', '127.0.0.1', '-p', String(port), '-U', '0', '-u', 'nobody'],
  },
  mosquitto: {
    program: '/usr/sbin/mosquitto',
    // Without a configuration it takes anybody, and listens on loopback alone.
    words: (port: number) => ['-p', String(port)],
  },
} as const;

/** A server of a test's own, on a free port of 127.0.0.1. */
export class PeerServer {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  static async start(name: keyof typeof PEERS): Promise<PeerServer> {
    const { program, words } = PEERS[name];
    const port = await getPort({ host: '127.0.0.1' });
    const child = spawn(program, words(port), { stdio: 'ignore' });
    const ended = once(child, 'exit').then(
      () => `${name} ended before it listened`,
      (error: Error) => error.message,
    );
    let failure: string | null = null;
    void ended.then((text) => {
      failure = text;
    });
    await until(`${name} listens`, async () => {
      if (failure !== null) throw new Error(failure);
      return isListening(port);
    });
    return new PeerServer(port, child);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // not yet
  } finally {
    socket.destroy();
  }
}
