import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPort } from '../port-file.ts';
import { SERVER_CORE } from '../server-process.ts';

const KIBIBYTE = 1024;

/** A server of Linux on the servers' core, until it is stopped. */
export class NativeProcess {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(name: string, port: number, child: ChildProcess, folder: string) {
    this.name = name;
    this.port = port;
    this.pid = child.pid as number;
    this.#child = child;
    this.#folder = folder;
  }

  /** `args` follow the path of the port file. */
  static async start(name: string, program: string, args: string[] = []): Promise<NativeProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'oversoak-bench-'));
    const portFile = join(folder, 'port');
    const child = spawn('taskset', ['-c', SERVER_CORE, program, portFile, ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    try {
      const port = await Promise.race([readPort(portFile), ended(name, child)]);
      return new NativeProcess(name, port, child, folder);
    } catch (error) {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true });
      throw error;
    }
  }

  /** Private memory: what the process has written to. */
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
    await rm(this.#folder, { recursive: true });
  }
}

async function ended(name: string, child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`${name} ended with code ${code}`);
}
