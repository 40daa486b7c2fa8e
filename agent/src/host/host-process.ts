import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { killGroup, LEADS_GROUP } from './host-group.ts';
import { HOST_FLAGS } from './javascript.ts';
import type { FromHost, ToHost } from './messages.ts';

export const HOST_MAIN = fileURLToPath(import.meta.url.replace(/host-process(?=\.[jt]s$)/, 'main'));
const STDERR_TAIL_CHARACTERS = 2_000;
/** For what a process wrote before its end, where another one holds its pipes open. */
const LAST_WORDS_MS = 1_000;

export interface HostExit {
  /** Null when a signal ended the process. */
  code: number | null;
  signal: string | null;
  /** The last part of what the process wrote to stderr. */
  stderrTail: string;
  /** Whether processes that it had started were still there, and were killed. Not on Windows. */
  leftOthers: boolean;
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
    detached: LEADS_GROUP,
  });
  let stderrTail = '';
  let leftOthers = false;
  let over = false;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderrTail = (stderrTail + text).slice(-STDERR_TAIL_CHARACTERS);
  });
  child.on('message', (message) => {
    if (!over) listener.onMessage(message as FromHost);
  });
  const exit = (code: number | null, signal: string | null) => {
    if (over) return;
    over = true;
    listener.onExit({ code, signal, stderrTail: stderrTail.trim(), leftOthers });
  };
  child.on('exit', (code, signal) => {
    if (LEADS_GROUP && child.pid !== undefined) leftOthers = killGroup(child.pid);
    // Messages and stderr may still arrive, until `close`. That waits for everybody who has an end
    // of the pipes, so also for a process that has left the group.
    const timer = setTimeout(() => {
      // Once more to what has arrived meanwhile, if this process was busy.
      setImmediate(() => {
        exit(code, signal);
        child.stderr?.destroy();
        if (child.connected) child.disconnect();
      });
    }, LAST_WORDS_MS);
    child.once('close', () => {
      clearTimeout(timer);
      exit(code, signal);
    });
  });
  child.on('error', (error) => {
    stderrTail = `${stderrTail}\n${error.message}`;
    // A process that never started emits no `exit`.
    if (child.pid === undefined) exit(null, null);
  });
  return {
    pid: child.pid,
    send: (message) => {
      // The process may have just exited; `exit` reports that.
      if (child.connected) child.send(message, () => undefined);
    },
    kill: () => {
      if (!LEADS_GROUP) child.kill('SIGKILL');
      // The number of a process that has exited may be that of another one.
      else if (child.pid !== undefined && !hasExited(child)) killGroup(child.pid);
    },
  };
};

const hasExited = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null;

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

/** What only a plug-in can do. */
export const LEFT_OTHERS = 'it left processes behind, which were killed';

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

/** How native code begins the line in which it says why it ends the process (fatal.h). */
const OWN_LINE = /^oversoak: (fatal: .*)/;

/**
 * The exit, with the line of stderr that says why: native code's own, which it writes last, goes
 * before whatever a plug-in or Node wrote.
 */
export function crashText(exit: Omit<HostExit, 'leftOthers'>): string {
  const lines = exit.stderrTail.split(/\r?\n/).filter((line) => line.trim() !== '');
  const own = lines.map((line) => OWN_LINE.exec(line)?.[1]).findLast((line) => line !== undefined);
  const said = own ?? lines.find((line) => /error|assert|fatal/i.test(line)) ?? lines.at(-1);
  if (said !== undefined) return `${exitText(exit)}; it said: ${said.trim()}`;
  return exit.code === 0 ? KILLED_PERHAPS : exitText(exit);
}
