import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { pipeline, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { BOUNDS, type Problem, type Quota, type RedisTransport } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import type { Log } from '../model/log.ts';
import { RequestProblem } from '../plugins/problems.ts';
import { ImportStage } from '../store/import-stage.ts';
import type { Account } from '../store/soaks.ts';
import type { Imported } from './import-soak.ts';

/** The first message to the process of an import. */
export interface ToImport {
  redisUrl: string;
  redisTransport?: RedisTransport | undefined;
  stageId: string;
  account: Account;
}

export type FromImport =
  | { kind: 'stages'; runId: string }
  | ({ kind: 'imported' } & Imported)
  | {
      kind: 'refused';
      statusCode: number;
      detail: string;
      problems: Problem[];
      quota?: Quota | undefined;
    }
  | { kind: 'failed'; reason: string };

type Outcome = Exclude<FromImport, { kind: 'stages' }>;

/** V8's messages when it reaches its heap limit. */
const HEAP_LIMIT = /heap out of memory|Reached heap limit/;
/** Only the beginning of standard error is kept: V8 writes its reason before its stack. */
const MAX_STDERR_CHARS = 4000;

export interface ImporterDeps {
  redisUrl: string;
  redisTransport?: RedisTransport | undefined;
  redis: Redis;
  log: Log;
  heapMiB?: number;
}

/**
 * Imports soak files one at a time, each in its own process with a heap limit: a file of a few
 * kilobytes may decompress to very much, which must not exhaust the control plane's memory.
 */
export class Importer {
  readonly #deps: ImporterDeps;
  #child: ChildProcess | null = null;

  constructor(deps: ImporterDeps) {
    this.#deps = deps;
  }

  /** Throws RequestProblem. */
  async import(file: Readable, account: Account): Promise<Imported> {
    if (this.#child !== null) {
      throw new RequestProblem(429, 'another import is being read; try again when it is done');
    }
    const child = this.#start();
    this.#child = child;
    try {
      return imported(await this.#outcome(child, file, account));
    } finally {
      this.#child = null;
      child.kill('SIGKILL');
    }
  }

  /** Ends the import that is being read. */
  close(): void {
    this.#child?.kill('SIGKILL');
  }

  #start(): ChildProcess {
    const { heapMiB = BOUNDS.soakFile.heapMiB } = this.#deps;
    const script = fileURLToPath(import.meta.url.replace('importer', 'import-process'));
    // Of the parent's options, the child gets only the one that selects source files.
    const conditions = process.execArgv.filter((option) => option.startsWith('--conditions'));
    return fork(script, {
      execArgv: [...conditions, `--max-old-space-size=${heapMiB}`],
      stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
    });
  }

  async #outcome(child: ChildProcess, file: Readable, account: Account): Promise<Outcome> {
    const { redisUrl, redisTransport, redis, log } = this.#deps;
    const stageId = randomUUID();
    const staged: string[] = [];
    let outcome: Outcome | null = null;
    let stderr = '';
    child.on('message', (message: FromImport) => {
      if (message.kind === 'stages') staged.push(message.runId);
      else outcome = message;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(0, MAX_STDERR_CHARS);
    });
    const closed = once(child, 'close');
    child.send({ redisUrl, redisTransport, stageId, account } satisfies ToImport);
    // The request is not destroyed, so that a refused caller can still read the reason.
    const chunks = Readable.from(file.iterator({ destroyOnReturn: false }));
    if (child.stdin !== null) {
      pipeline(chunks, child.stdin, () => {
        // The process has stopped reading, or the caller has disconnected: the file is truncated.
      });
    }
    const [exitCode, signal] = (await closed) as [number | null, string | null];
    if (outcome !== null) return outcome;
    await new ImportStage(redis, stageId).discard(staged);
    if (HEAP_LIMIT.test(stderr)) {
      const { heapMiB = BOUNDS.soakFile.heapMiB } = this.#deps;
      const detail = `the file needs more than the ${heapMiB} MiB of memory that an import may take`;
      return { kind: 'refused', statusCode: 413, detail, problems: [] };
    }
    log.error({ exitCode, signal, stderr }, 'the process of an import ended early');
    return { kind: 'failed', reason: `its process ended (${signal ?? exitCode})` };
  }
}

function imported(outcome: Outcome): Imported {
  switch (outcome.kind) {
    case 'imported':
      return { soakId: outcome.soakId, created: outcome.created };
    case 'refused':
      throw new RequestProblem(outcome.statusCode, outcome.detail, outcome.problems, outcome.quota);
    case 'failed':
      throw new Error(`the import failed: ${outcome.reason}`);
  }
}
