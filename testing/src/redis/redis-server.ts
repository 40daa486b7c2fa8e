import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import getPort from 'get-port';

/**
 * A redis-server of a test's own, on a free port and in a folder that goes with it. It can go away
 * and come back on its port, with its data lost.
 */
export class RedisServer {
  readonly url: string;
  readonly #words: readonly string[];
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string, settings: readonly string[]) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#folder = folder;
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    this.#words = [...fixed, '--save', '', '--appendonly', 'no', ...settings];
  }

  /** `settings` as on redis-server's command line. */
  static async start(...settings: string[]): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'oversoak-test-redis-'));
    for (let tries = 1; ; tries += 1) {
      const server = new RedisServer(await getPort({ host: '127.0.0.1' }), folder, settings);
      try {
        await server.up();
        return server;
      } catch (error) {
        // Another process may have taken the free port meanwhile.
        if (tries === 3) throw error;
      }
    }
  }

  /** Starts it, unless it is up. */
  async up(): Promise<void> {
    if (this.#child !== undefined) return;
    const child = spawn('redis-server', this.#words, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    for await (const line of createInterface(child.stdout)) {
      if (!line.includes('Ready to accept connections')) continue;
      child.stdout.resume();
      return;
    }
    this.#child = undefined;
    throw new Error('redis-server ended before it was ready');
  }

  async down(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Ends it and deletes its folder. */
  async stop(): Promise<void> {
    await this.down();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
