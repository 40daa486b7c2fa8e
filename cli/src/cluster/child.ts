import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../shell/failure.ts';
import { ChildFailed } from './child-failed.ts';
import { findInLog, lastLines } from './log-file.ts';

const POLL_MS = 50;
const STOP_MS = 8_000;

/**
 * Only to end a hang: a program that is alive and slow has not failed. More than ten times what the
 * slowest takes, an agent's first start of Node in a new Wine prefix with the self-test of every
 * notifier and the quick probes.
 */
export const READY_MS = 15 * 60_000;

export interface ChildOptions {
  /** Used in messages: `control plane`, `agent-a`, ... */
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Receives standard output and error, because Node under Wine cannot write to a Linux pipe. */
  logFile: string;
  /** How an orderly stop is requested. Wine and Windows have no signals. */
  stopBy: 'stdin-end' | 'SIGTERM';
  /** Time between the stop request and SIGKILL. */
  stopMs?: number;
}

/** A process of the embedded cluster. */
export class Child {
  readonly name: string;
  readonly #options: ChildOptions;
  readonly #process: ChildProcess;
  /** Where its log begins: an earlier process may have written to the same file. */
  readonly #logFrom: number;
  /** How the process ended, e.g. `ended with exit code 1`. */
  readonly ended: Promise<string>;
  #stopping = false;

  private constructor(options: ChildOptions, child: ChildProcess, logFrom: number) {
    this.name = options.name;
    this.#options = options;
    this.#process = child;
    this.#logFrom = logFrom;
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) => {
        resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
      });
    });
    // The process may have closed its input already.
    child.stdin?.on('error', () => undefined);
  }

  static async start(options: ChildOptions): Promise<Child> {
    const log = await open(options.logFile, 'a', 0o600);
    try {
      const { size } = await log.stat();
      const child = spawn(options.command, options.args, {
        cwd: options.cwd,
        env: options.env,
        // stdin stays open and empty. It closes when this process ends, however that happens.
        stdio: ['pipe', log.fd, log.fd],
        // A separate process group: Ctrl-C reaches only this process, which stops the others in
        // order.
        detached: true,
        windowsHide: true,
      });
      return new Child(options, child, size);
    } finally {
      await log.close();
    }
  }

  /**
   * Waits for the line with which the process reports that it is ready, and returns what `read`
   * parses from it.
   */
  async ready<T>(
    read: (line: string) => T | undefined,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<T> {
    const { logFile } = this.#options;
    const deadlineMs = performance.now() + timeoutMs;
    let end: string | undefined;
    this.ended.then((how) => {
      end = how;
    });
    for (;;) {
      const found = await findInLog(logFile, read, this.#logFrom);
      if (found !== undefined) return found;
      if (end !== undefined) throw await this.#failed(end);
      if (performance.now() > deadlineMs) {
        throw await this.#failed(`was not ready within ${timeoutMs / 1_000} s`);
      }
      await delay(POLL_MS, undefined, { signal }).catch((error: unknown) => {
        throw reasonOf(error, signal);
      });
    }
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error(`${this.name} could not be started`);
    return pid;
  }

  /** Calls `lost` when the process ends without a stop request. */
  onLost(lost: (error: ChildFailed) => void): void {
    this.ended.then(async (how) => {
      if (!this.#stopping) lost(await this.#failed(how));
    });
  }

  /** Requests an orderly end, waits for it, and kills the process if it does not end. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#process.pid === undefined) return;
    this.#process.stdin?.end();
    if (this.#options.stopBy === 'SIGTERM') this.#process.kill('SIGTERM');
    const overdue = new AbortController();
    const { stopMs = STOP_MS } = this.#options;
    const kill = delay(stopMs, undefined, { signal: overdue.signal }).then(
      () => this.kill(),
      () => undefined,
    );
    await this.ended;
    overdue.abort();
    await kill;
  }

  /** Kills the process at once. */
  kill(): void {
    this.#stopping = true;
    this.#process.kill('SIGKILL');
  }

  async #failed(how: string): Promise<ChildFailed> {
    const { logFile } = this.#options;
    const log = await lastLines(logFile, this.#logFrom);
    const end = log.trim() === '' ? 'it has logged nothing' : `its last lines:\n${log}`;
    return new ChildFailed(`${this.name} ${how}; ${end}`, logFile);
  }
}
