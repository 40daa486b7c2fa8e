import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const MAIN = fileURLToPath(import.meta.resolve('oversoak/main'));
const POLL_MS = 50;
const PATIENCE_MS = 60_000;

export const CTRL_C = '\u0003';
export const ENTER = '\r';

/** The real `oversoak` command on a pseudo terminal of 120 columns, by script(1). */
export class OnTerminal {
  readonly #process: ChildProcess;
  readonly #exit: Promise<number | null>;
  #output = '';
  #ended = false;

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const words = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
    const command = `stty cols 120 rows 40; exec ${words}`;
    // -e: its exit code is the command's.
    this.#process = spawn('script', ['-qec', command, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TERM: 'xterm', ...environment },
    });
    this.#exit = once(this.#process, 'exit').then(([code]) => {
      this.#ended = true;
      return code as number | null;
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
  }

  /** What was written so far, control sequences left out. */
  get text(): string {
    return stripVTControlCharacters(this.#output);
  }

  type(keys: string): void {
    this.#process.stdin?.write(keys);
  }

  /** Waits until what is written from `from` on matches; rejects when the command ends first. */
  async says(pattern: RegExp, from = 0): Promise<void> {
    const matches = () => pattern.test(this.text.slice(from));
    await this.#until(() => {
      if (!matches() && this.#ended) throw new Error(`it ended without ${pattern}:\n${this.text}`);
      return matches();
    }, `${pattern}`);
  }

  async exitCode(): Promise<number | null> {
    await this.#until(() => this.#ended, 'its end');
    return this.#exit;
  }

  /** For the end of a test: the terminal is gone, which ends the command on it. */
  async clearAway(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exit;
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    while (!holds()) {
      if (performance.now() > deadlineMs) {
        throw new Error(`waited too long for ${what}:\n${this.text}`);
      }
      await delay(POLL_MS);
    }
  }
}
