import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPrefix, stopPrefix, windowsToolchain, wineEnvironment } from '@oversoak/agent/wine';
import { readPort } from './port-file.ts';

/**
 * A server and its wineserver share a core, and the client has another. If left to the scheduler, a
 * server is several times faster whenever it happens to share a core with its wineserver, and that
 * chance would dominate the comparison.
 */
export const SERVER_CORE = '0';
export const CLIENT_CORE = '1';

/** A Windows program in a separate Wine prefix, which has its own wineserver. */
export class ServerProcess {
  readonly name: string;
  readonly port: number;
  readonly #prefixDir: string;
  readonly #child: ChildProcess;

  private constructor(name: string, port: number, prefixDir: string, child: ChildProcess) {
    this.name = name;
    this.port = port;
    this.#prefixDir = prefixDir;
    this.#child = child;
  }

  /** `argv`: the program and its arguments; the path of the port file is appended. */
  static async start(name: string, argv: readonly string[]): Promise<ServerProcess> {
    const { prefixTemplate, prefixesDir } = windowsToolchain();
    await mkdir(prefixesDir, { recursive: true });
    const prefixDir = await mkdtemp(join(prefixesDir, 'bench-'));
    let child: ChildProcess | undefined;
    try {
      await createPrefix(prefixTemplate, prefixDir);
      const portFile = join(prefixDir, 'port');
      const log = await open(join(prefixDir, 'log'), 'a');
      child = spawn('taskset', ['-c', SERVER_CORE, 'wine', ...argv, portFile], {
        env: wineEnvironment(prefixDir),
        stdio: ['ignore', log.fd, log.fd],
      });
      await log.close();
      const port = await Promise.race([readPort(portFile), failed(name, child, prefixDir)]);
      return new ServerProcess(name, port, prefixDir, child);
    } catch (error) {
      child?.kill('SIGKILL');
      await stopPrefix(prefixDir);
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await stopPrefix(this.#prefixDir);
  }
}

async function failed(name: string, child: ChildProcess, prefixDir: string): Promise<never> {
  const [code] = await once(child, 'exit');
  const log = await readFile(join(prefixDir, 'log'), 'utf8');
  throw new Error(`${name} ended with code ${code}: ${log.slice(-1000)}`);
}
