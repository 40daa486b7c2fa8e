import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { HOST_FLAGS } from './javascript.ts';
import type { FromHost, ToHost } from './messages.ts';

export const HOST_MAIN = fileURLToPath(import.meta.url.replace(/host-process(?=\.[jt]s$)/, 'main'));
const STDERR_TAIL_CHARACTERS = 2_000;

export interface HostExit {
  /** Null when a signal ended the process. */
  code: number | null;
  signal: string | null;
  /** The last part of what the process wrote to stderr. */
  stderrTail: string;
}

export interface HostListener {
  onMessage(message: FromHost): void;
  /** Called once, after the last message. */
  onExit(exit: HostExit): void;
}

export interface HostProcess {
  /** Undefined when the process could not be started. */
  readonly pid: number | undefined;
  send(message: ToHost): void;
  /** Ends the process unconditionally, also on platforms without signals. */
  kill(): void;
}

export type ForkHost = (listener: HostListener) => HostProcess;

export const forkHost: ForkHost = (listener) => {
  const child = fork(HOST_MAIN, [], {
    execArgv: HOST_FLAGS,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderrTail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderrTail = (stderrTail + text).slice(-STDERR_TAIL_CHARACTERS);
  });
  child.on('message', (message) => listener.onMessage(message as FromHost));
  let over = false;
  const exit = (code: number | null, signal: string | null) => {
    if (over) return;
    over = true;
    listener.onExit({ code, signal, stderrTail: stderrTail.trim() });
  };
  // `close` rather than `exit`: messages and stderr may still arrive after `exit`.
  child.on('close', exit);
  child.on('error', (error) => {
    stderrTail = `${stderrTail}\n${error.message}`;
    // A process that never started emits no `close`.
    if (child.pid === undefined) exit(null, null);
  });
  return {
    pid: child.pid,
    send: (message) => {
      // The process may have just exited; `close` reports that.
      if (child.connected) child.send(message, () => undefined);
    },
    kill: () => void child.kill('SIGKILL'),
  };
};

/** Windows exit codes (NTSTATUS) of crashed processes. */
const CRASH_NAMES: Record<number, string> = {
  3221225477: 'access violation',
  3221225501: 'illegal instruction',
  3221225620: 'division by zero',
  3221225725: 'stack overflow',
  3221226356: 'heap corruption',
  3221226505: 'fail fast or stack buffer overrun',
  2147483651: 'breakpoint',
};
const FIRST_STATUS_CODE = 0x80000000;

/** `exit code 7`, `exit code 0xC0000005 (access violation)`, `signal SIGSEGV`. */
export function exitText({ code, signal }: Pick<HostExit, 'code' | 'signal'>): string {
  if (code === null) return signal === null ? 'it could not be started' : `signal ${signal}`;
  const status = code >>> 0;
  if (status < FIRST_STATUS_CODE) return `exit code ${code}`;
  const name = CRASH_NAMES[status];
  const hex = `0x${status.toString(16).toUpperCase()}`;
  return `exit code ${hex}${name === undefined ? '' : ` (${name})`}`;
}

/** Under Wine, `exit code 0` is also that of a process that was killed from outside. */
const KILLED_PERHAPS = 'exit code 0, as of a process that was killed from outside';

/** The exit with the last line of stderr, in which native code says why it stopped. */
export function crashText(exit: HostExit): string {
  const lines = exit.stderrTail.split(/\r?\n/).filter((line) => line.trim() !== '');
  const said = lines.find((line) => /error|assert|fatal/i.test(line)) ?? lines.at(-1);
  if (said !== undefined) return `${exitText(exit)}; it said: ${said.trim()}`;
  return exit.code === 0 ? KILLED_PERHAPS : exitText(exit);
}
