import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPrefix, stopPrefix, windowsToolchain, wineEnvironment } from '@oversoak/agent/wine';

/**
 * A server and its wineserver share a core, and the client has another. If left to the scheduler, a
 * server is several times faster whenever it happens to share a core with its wineserver, and that
 * chance would dominate the comparison.
 */
export const SERVER_CORE = '0';
export const CLIENT_CORE = '1';

const START_MS = 60_000;
const KIBIBYTE = 1024;

/** The folder of a server, with its port file and its log, and how both are removed. */
interface Home {
  folder: string;
  env: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

/** A server on the servers' core, until it is stopped. */
export class ServerProcess {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #home: Home;

  private constructor(name: string, port: number, child: ChildProcess, home: Home) {
    this.name = name;
    this.port = port;
    this.pid = child.pid as number;
    this.#child = child;
    this.#home = home;
  }

  /** A program of Linux; `args` follow the path of the port file. */
  static async native(name: string, program: string, args: string[] = []): Promise<ServerProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'oversoak-bench-'));
    const remove = () => rm(folder, { recursive: true });
    const command = [program, portFileOf(folder), ...args];
    return await ServerProcess.#start(name, command, { folder, env: process.env, remove });
  }

  /**
   * A program of Windows in a Wine prefix of its own, which has its own wineserver. `argv`: the
   * program and its arguments; the path of the port file is appended.
   */
  static async underWine(name: string, argv: readonly string[]): Promise<ServerProcess> {
    const { prefixTemplate, prefixesDir } = windowsToolchain();
    await mkdir(prefixesDir, { recursive: true });
    const folder = await mkdtemp(join(prefixesDir, 'bench-'));
    const remove = () => stopPrefix(folder);
    try {
      await createPrefix(prefixTemplate, folder);
    } catch (error) {
      await remove();
      throw error;
    }
    const command = ['wine', ...argv, portFileOf(folder)];
    return await ServerProcess.#start(name, command, {
      folder,
      env: wineEnvironment(folder),
      remove,
    });
  }

  static async #start(
    name: string,
    command: readonly string[],
    home: Home,
  ): Promise<ServerProcess> {
    let child: ChildProcess | undefined;
    try {
      const log = await open(logOf(home.folder), 'a');
      child = spawn('taskset', ['-c', SERVER_CORE, ...command], {
        env: home.env,
        stdio: ['ignore', log.fd, log.fd],
      });
      await log.close();
      const port = await Promise.race([readPort(home.folder), failed(name, child, home.folder)]);
      return new ServerProcess(name, port, child, home);
    } catch (error) {
      child?.kill('SIGKILL');
      await home.remove();
      throw error;
    }
  }

  /** Private memory of a program of Linux: what the process has written to. */
  async privateBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    const kibibytes = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
    if (kibibytes === undefined) throw new Error('no RssAnon in /proc/PID/status');
    return Number(kibibytes) * KIBIBYTE;
  }

  async stop(): Promise<void> {
    const ending = once(this.#child, 'exit');
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await ending;
    }
    await this.#home.remove();
  }
}

const portFileOf = (folder: string) => join(folder, 'port');
const logOf = (folder: string) => join(folder, 'log');

/** The port that a server has written to its port file, once it has. */
async function readPort(folder: string): Promise<number> {
  const end = performance.now() + START_MS;
  while (performance.now() < end) {
    const text = await readFile(portFileOf(folder), 'utf8').catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      },
    );
    if (text.endsWith('\n')) return Number(text);
    await delay(50);
  }
  throw new Error(`no port in ${portFileOf(folder)} within ${START_MS} ms`);
}

async function failed(name: string, child: ChildProcess, folder: string): Promise<never> {
  const [code] = await once(child, 'exit');
  const log = await readFile(logOf(folder), 'utf8');
  throw new Error(`${name} ended with code ${code}: ${log.slice(-1000)}`);
}
