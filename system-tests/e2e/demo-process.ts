import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until as waitUntil } from '@oversoak/testing/waiting/until';
import { EXIT } from 'oversoak/shell/exit-code';

const MAIN = fileURLToPath(import.meta.resolve('oversoak/main'));
/** Beyond what any step of a soak takes here; the machine may be busy with other tests. */
const PATIENCE_MS = 120_000;

/** What a command started: to be gone when it has ended. */
export interface Footprint {
  pids: number[];
  /** The cluster's own folder. */
  folder: string;
}

/** The real `oversoak` command as a process, in an empty working folder. */
export class Oversoak {
  readonly workFolder: string;
  readonly #process: ChildProcess;
  readonly #exit: Promise<number | null>;
  #output = '';

  private constructor(workFolder: string, child: ChildProcess) {
    this.workFolder = workFolder;
    this.#process = child;
    this.#exit = once(child, 'exit').then(([code]) => code as number | null);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  static run(...args: string[]): Promise<Oversoak> {
    return Oversoak.runIn({}, ...args);
  }

  /** With more in its environment than this process has. */
  static async runIn(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<Oversoak> {
    const workFolder = await mkdtemp(join(tmpdir(), 'oversoak-e2e-'));
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: workFolder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group like that of a shell's job, so that a test can press Ctrl-C.
      detached: true,
    });
    return new Oversoak(workFolder, child);
  }

  get output(): string {
    return this.#output;
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error('the command was not started');
    return pid;
  }

  /** Waits until the output matches; rejects with the output when the command ends first. */
  async says(pattern: RegExp): Promise<void> {
    let ended = false;
    this.#exit.then(() => {
      ended = true;
    });
    await until(() => {
      if (pattern.test(this.#output)) return true;
      if (ended) throw new Error(`it ended without ${pattern}:\n${this.#output}`);
      return false;
    }, `the output to match ${pattern}`);
  }

  /** Rejects, and kills the command, when it takes too long. */
  async exitCode(): Promise<number | null> {
    let ended = false;
    this.#exit.then(() => {
      ended = true;
    });
    await until(() => ended, 'the command to end');
    return this.#exit;
  }

  /** Ctrl-C on a terminal reaches every process of the group. */
  pressCtrlC(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** Once it is up: its processes and its folder, found by who started them. */
  async footprint(): Promise<Footprint> {
    const pids = await descendants(this.pid);
    const texts = await Promise.all(pids.map(describe));
    const folder = texts.join('\0').match(/OVERSOAK_SPOOL_DIR=([^\0]*\/cluster-[^/\0]+)\//)?.[1];
    if (folder === undefined) throw new Error(`no cluster folder among:\n${texts.join('\n')}`);
    return { pids: [...new Set([...pids, ...(await usersOf(folder))])], folder };
  }

  /** For the end of a test, whatever its outcome. */
  async clearAway(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exit;
    await rm(this.workFolder, { recursive: true });
  }
}

const MAX_TRIES = 4;

/**
 * Runs a command to its end, and again where the fleet of its soak could not send in time: a machine
 * that is busy with other work says nothing of the product. A run that failed is not repeated.
 */
export async function onIdleMachine(run: () => Promise<Oversoak>): Promise<Oversoak> {
  for (let tries = 1; ; tries += 1) {
    const command = await run();
    const code = await command.exitCode();
    const busy = code === EXIT.noVerdict && command.output.includes('generator saturated');
    if (!busy || tries === MAX_TRIES) return command;
  }
}

/** Waits until none of the processes is left, those that came later included. */
export async function allGone({ pids, folder }: Footprint): Promise<void> {
  await until(async () => {
    const alive = await Promise.all(pids.map(isAlive));
    return !alive.includes(true) && (await usersOf(folder)).length === 0;
  }, `the processes of ${folder} to end`);
}

/** The processes that are still there, without waiting. */
export async function leftOver({ pids, folder }: Footprint): Promise<string[]> {
  const texts = await Promise.all([...pids, ...(await usersOf(folder))].map(describe));
  const folders = existsSync(folder) ? [folder] : [];
  return [...texts.filter((text) => text !== ''), ...folders];
}

/** Host processes of a cluster's agents: what runs native code. */
export async function hostProcesses(folder: string): Promise<number[]> {
  const pids = await usersOf(folder);
  const commands = await Promise.all(pids.map((pid) => read(`/proc/${pid}/cmdline`)));
  return pids.filter((_, index) => /host.main\.js/.test(commands[index] ?? ''));
}

/** The process of one agent, not that of its hosts. */
export async function agentProcess(folder: string, agentId: string): Promise<number> {
  const pids = await usersOf(join(folder, agentId));
  const commands = await Promise.all(pids.map((pid) => read(`/proc/${pid}/cmdline`)));
  const found = pids.filter((_, index) => /agent.dist.src.main\.js/.test(commands[index] ?? ''));
  const [pid, ...others] = found;
  if (pid === undefined || others.length > 0) throw new Error(`${agentId}: ${found.length} found`);
  return pid;
}

/** Whether a process runs; one that has ended and is not collected yet does not. */
export async function isAlive(pid: number): Promise<boolean> {
  return (await describe(pid)) !== '';
}

async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const pid of await allPids()) {
    // `pid (name) state ppid ...`; the name may hold spaces and parentheses.
    const stat = await read(`/proc/${pid}/stat`);
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const found = new Set([root]);
  // Parents are older and mostly have smaller numbers, but numbers wrap around.
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  found.delete(root);
  return [...found];
}

/** Processes that have the folder in their environment or on their command line. */
async function usersOf(folder: string): Promise<number[]> {
  const pids = await allPids();
  const texts = await Promise.all(pids.map(describe));
  return pids.filter((_, index) => texts[index]?.includes(folder));
}

async function allPids(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Command line and environment; empty for a process that is gone, and for a zombie. */
async function describe(pid: number): Promise<string> {
  const command = await read(`/proc/${pid}/cmdline`);
  return command === '' ? '' : `${pid}\0${command}\0${await read(`/proc/${pid}/environ`)}`;
}

async function read(file: string): Promise<string> {
  return readFile(file, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(error.code ?? '')) return '';
    throw error;
  });
}

/** As long as a command may take. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  await waitUntil(what, holds, PATIENCE_MS);
}
