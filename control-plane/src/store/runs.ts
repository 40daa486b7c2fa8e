import { createHash } from 'node:crypto';
import {
  cellKey,
  type Report,
  type RunResult,
  type RunState,
  serverOf,
  type Verdict,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import type { Allocation } from '../model/allocation.ts';
import type { CellFigures } from '../model/cell-figures.ts';
import { memberKey, type RunRecord, readRecord } from '../model/run-record.ts';
import { ALLOCATIONS_KEPT } from './allocations.ts';
import { MAX_CELLS } from './cells.ts';
import { pack, unpack } from './gzip-json.ts';
import {
  AGENT_PREFIX,
  ALLOCATIONS_KEY,
  AT_WORK_KEY,
  CELLS_KEY,
  DEAD_LETTERS_KEY,
  ENDED_SOAKS_KEY,
  QUEUE_KEY,
  QUOTAS_KEY,
  REFUSED_REPORTS_KEY,
  RUN_PREFIX,
  runEventsKey,
  runKey,
  runReportsKey,
  runResultKey,
  runSamplesKey,
  soakKey,
  soakRunsKey,
} from './names.ts';
import { script } from './script.ts';
import { fieldOf } from './stream-entry.ts';
import { Together } from './together.ts';

/**
 * Approximate stream length after trimming. Entries have 2.2 KB, so a run of any length uses at
 * most 45 MB. At one sample per second and part this covers 2.8 hours of a server and a fleet.
 * Verdicts use the windows, which are all kept.
 */
const SAMPLES_MAX_LENGTH = 20_000;

const DEAD_LETTERS_KEPT = 100;

/** A state change in the run's event stream. */
export interface StoredEvent {
  state: RunState;
  atMs: number;
  judgement: RunRecord['judgement'];
}

/** A run in the queue. */
export interface QueuedRun {
  runId: string;
  version: number | null;
  allocation: Allocation | null;
}

/** A run's result document and the number of reports that it was built from. */
export interface Outcome {
  result: RunResult;
  reports: number;
  /** null: the cell keeps its previous figures. */
  figures: CellFigures | null;
}

/** What is stored in the same step as a version of a run. */
export interface StoredWith {
  /** Reports that led to it: of each kind and member the first is kept for the judgement. */
  reports?: readonly Report[];
  /** Whether it has effects, which `effectsDone` confirms; default: true. */
  acts?: boolean;
}

const part = (report: Pick<Report, 'kind' | 'role' | 'agentId'>) =>
  `${report.kind}.${memberKey(report)}`;

interface OutcomeArgs {
  verdict: Verdict;
  reports: number;
  cell: { key: string; notifier: string; layout: string };
  maxCells: number;
  figures: string | undefined;
}

const storeRun = script<
  Record<
    | 'run'
    | 'events'
    | 'atWork'
    | 'queue'
    | 'soak'
    | 'result'
    | 'reports'
    | 'soakRuns'
    | 'log'
    | 'ended'
    | 'cells'
    | 'quotas',
    string
  >,
  {
    runId: string;
    before: number;
    version: number;
    state: RunState;
    record: string;
    event: string | undefined;
    sinceMs: number;
    agentPrefix: string;
    runPrefix: string;
    logLength: number;
    acts: boolean;
    parts: string[];
    outcome: OutcomeArgs | undefined;
  },
  0 | 1
>(import.meta.url, 'store-run.lua');

const keepReports = script<Record<'run' | 'reports', string>, { parts: string[] }, 0 | 1>(
  import.meta.url,
  'keep-reports.lua',
);

const confirmEffects = script<Record<'run', string>, { version: number }, 0 | 1>(
  import.meta.url,
  'confirm-effects.lua',
);

const addSamples = script<
  Record<'runs' | 'samples', readonly string[]>,
  { maxLength: number; of: readonly number[] },
  null
>(import.meta.url, 'add-samples.lua');

const readQueue = script<{ queue: string }, { runPrefix: string }, string[]>(
  import.meta.url,
  'read-queue.lua',
);

const growResult = script<{ result: string }, { madeFrom: string }, 0 | 1>(
  import.meta.url,
  'grow-result.lua',
);

function outcomeArgs({ runId, cell, judgement }: RunRecord, outcome: Outcome): OutcomeArgs {
  if (judgement === null) throw new Error(`${runId} has a result and no judgement`);
  const { notifier, layout } = serverOf(cell);
  return {
    verdict: judgement.verdict,
    reports: outcome.reports,
    cell: { key: cellKey(cell), notifier, layout },
    maxCells: MAX_CELLS,
    figures: outcome.figures === null ? undefined : JSON.stringify(outcome.figures),
  };
}

export class Runs {
  readonly #redis: Redis;
  readonly #samples = new Together<{ runId: string; sample: string }>((added) =>
    this.#addSamples(added),
  );

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async get(runId: string): Promise<RunRecord | null> {
    const record = await this.#redis.hget(runKey(runId), 'record');
    return record === null ? null : readRecord(record);
  }

  /** In the order of the ids; unknown ids are omitted. */
  async getAll(runIds: readonly string[]): Promise<RunRecord[]> {
    const pipeline = this.#redis.pipeline();
    for (const runId of runIds) pipeline.hget(runKey(runId), 'record');
    const records = [];
    for (const [error, record] of (await pipeline.exec()) ?? []) {
      if (error !== null) throw error;
      if (typeof record === 'string') records.push(readRecord(record));
    }
    return records;
  }

  /** By id; unknown ids are omitted. */
  async states(runIds: readonly string[]): Promise<Map<string, RunState>> {
    const pipeline = this.#redis.pipeline();
    for (const runId of runIds) pipeline.hget(runKey(runId), 'state');
    const replies = (await pipeline.exec()) ?? [];
    const states = replies.flatMap(([error, state], index) => {
      if (error !== null) throw error;
      return state === null ? [] : [[runIds[index] ?? '', state as RunState] as const];
    });
    return new Map(states);
  }

  /**
   * Stores `run` if the stored version is still `before`. `outcome` is required in the state `done`
   * and null in any other, where alone there may be reports. False: another writer was first, and
   * nothing is stored.
   */
  async store(
    before: RunRecord,
    run: RunRecord,
    outcome: Outcome | null,
    { reports = [], acts = true }: StoredWith = {},
  ): Promise<boolean> {
    const sinceMs = Math.floor(run.stateSinceMs);
    const { state, judgement } = run;
    const event: StoredEvent = { state, atMs: sinceMs, judgement };
    const keys = {
      run: runKey(run.runId),
      events: runEventsKey(run.runId),
      atWork: AT_WORK_KEY,
      queue: QUEUE_KEY,
      soak: soakKey(run.soakId),
      result: runResultKey(run.runId),
      reports: runReportsKey(run.runId),
      soakRuns: soakRunsKey(run.soakId),
      log: ALLOCATIONS_KEY,
      ended: ENDED_SOAKS_KEY,
      cells: CELLS_KEY,
      quotas: QUOTAS_KEY,
    };
    const args = {
      runId: run.runId,
      before: before.version,
      version: run.version,
      state,
      record: JSON.stringify(run),
      event: before.state === state ? undefined : JSON.stringify(event),
      sinceMs,
      agentPrefix: AGENT_PREFIX,
      runPrefix: RUN_PREFIX,
      logLength: ALLOCATIONS_KEPT,
      acts,
      parts: reports.map(part),
      outcome: outcome === null ? undefined : outcomeArgs(run, outcome),
    };
    const texts = reports.map((report) => JSON.stringify(report));
    const documents = outcome === null ? texts : [await pack(outcome.result)];
    return (await storeRun(this.#redis, keys, args, ...documents)) === 1;
  }

  /** Confirms that the effects of this version were performed; those after it may have none. */
  async effectsDone(run: RunRecord): Promise<void> {
    await confirmEffects(this.#redis, { run: runKey(run.runId) }, { version: run.version });
  }

  /** Active runs, each with the newest version whose effects are confirmed. */
  async atWork(): Promise<{ run: RunRecord; effectedVersion: number }[]> {
    const pipeline = this.#redis.pipeline();
    for (const runId of await this.#redis.smembers(AT_WORK_KEY)) {
      pipeline.hmget(runKey(runId), 'record', 'effected');
    }
    const open = [];
    for (const [error, fields] of (await pipeline.exec()) ?? []) {
      if (error !== null) throw error;
      const [record, effected] = fields as (string | null)[];
      if (record === null || record === undefined) continue;
      open.push({ run: readRecord(record), effectedVersion: Number(effected ?? 0) });
    }
    return open;
  }

  /**
   * The next run of each waiting soak, in queue order, with its stored version (null: the run does
   * not exist) and the allocation that it already holds.
   */
  async queue(): Promise<QueuedRun[]> {
    const flat = await readQueue(this.#redis, { queue: QUEUE_KEY }, { runPrefix: RUN_PREFIX });
    return Array.from({ length: flat.length / 3 }, (_, at) => {
      const [runId = '', version = '', allocation = ''] = flat.slice(3 * at, 3 * at + 3);
      return {
        runId,
        version: version === '' ? null : Number(version),
        allocation: allocation === '' ? null : (JSON.parse(allocation) as Allocation),
      };
    });
  }

  /** The number of soaks that wait for agents. */
  async queueLength(): Promise<number> {
    return await this.#redis.zcard(QUEUE_KEY);
  }

  /** Removes a run that does not exist from the queue. */
  async dequeue(runId: string): Promise<void> {
    await this.#redis.zrem(QUEUE_KEY, runId);
  }

  /**
   * Stores the first report of each kind and member, ignores others. False: the run is done, or does
   * not exist.
   */
  async keepReports(runId: string, reports: readonly Report[]): Promise<boolean> {
    const keys = { run: runKey(runId), reports: runReportsKey(runId) };
    const texts = reports.map((report) => JSON.stringify(report));
    return (await keepReports(this.#redis, keys, { parts: reports.map(part) }, ...texts)) === 1;
  }

  async reports(runId: string): Promise<Report[]> {
    const reports = await this.#redis.hvals(runReportsKey(runId));
    return reports.map((report) => JSON.parse(report) as Report);
  }

  async refuseReport(reason: string): Promise<void> {
    await this.#redis.hincrby(REFUSED_REPORTS_KEY, reason, 1);
  }

  async refusedReports(): Promise<Record<string, number>> {
    const counts = await this.#redis.hgetall(REFUSED_REPORTS_KEY);
    return Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, Number(n)]));
  }

  /** Keeps a report that could not be processed, for inspection. */
  async keepDeadLetter(agentId: string, report: string): Promise<void> {
    const fields = ['agent', agentId, 'report', report];
    await this.#redis.xadd(DEAD_LETTERS_KEY, 'MAXLEN', '~', DEAD_LETTERS_KEPT, '*', ...fields);
    await this.refuseReport('dead-letter');
  }

  /** With what else is added in this turn of the event loop; not to a run that is deleted. */
  async addSample(runId: string, sample: string): Promise<void> {
    await this.#samples.add({ runId, sample });
  }

  async #addSamples(added: readonly { runId: string; sample: string }[]): Promise<void> {
    const runIds = [...new Set(added.map(({ runId }) => runId))];
    const indices = new Map(runIds.map((runId, at) => [runId, at + 1]));
    const keys = { runs: runIds.map(runKey), samples: runIds.map(runSamplesKey) };
    const of = added.map(({ runId }) => indices.get(runId) ?? 0);
    const args = { maxLength: SAMPLES_MAX_LENGTH, of };
    await addSamples(this.#redis, keys, args, ...added.map(({ sample }) => sample));
  }

  async result(runId: string): Promise<RunResult | null> {
    return await readResult(await this.#redis.getBuffer(runResultKey(runId)));
  }

  /** What the stored results of these runs have in bytes together. */
  async resultBytes(runIds: readonly string[]): Promise<number> {
    const pipeline = this.#redis.pipeline();
    for (const runId of runIds) pipeline.strlen(runResultKey(runId));
    let bytes = 0;
    for (const [error, length] of (await pipeline.exec()) ?? []) {
      if (error !== null) throw error;
      bytes += length as number;
    }
    return bytes;
  }

  /**
   * Extends the result document of a run; safe with concurrent writers. False: there is no
   * document, or `more` returned null.
   */
  async growResult(runId: string, more: (result: RunResult) => RunResult | null): Promise<boolean> {
    const key = runResultKey(runId);
    for (;;) {
      const packed = await this.#redis.getBuffer(key);
      const before = await readResult(packed);
      const after = before === null ? null : more(before);
      if (packed === null || after === null) return false;
      const madeFrom = createHash('sha1').update(packed).digest('hex');
      const grown = await growResult(this.#redis, { result: key }, { madeFrom }, await pack(after));
      if (grown === 1) return true;
    }
  }

  /** The run's state changes, oldest first. */
  async events(runId: string): Promise<RunResult['events']> {
    const entries = await this.#redis.xrange(runEventsKey(runId), '-', '+');
    return entries.map(([, fields]) => {
      const { state, atMs } = JSON.parse(fieldOf(fields, 'event')) as StoredEvent;
      return { state, atMs };
    });
  }

  /** Raw entries of the sample stream after an entry's id, oldest first. */
  async samples(
    runId: string,
    afterId: string | null,
    limit: number,
  ): Promise<{ id: string; text: string }[]> {
    const from = afterId === null ? '-' : `(${afterId}`;
    const entries = await this.#redis.xrange(runSamplesKey(runId), from, '+', 'COUNT', limit);
    return entries.map(([id, fields]) => ({ id, text: fieldOf(fields, 'sample') }));
  }
}

async function readResult(packed: Buffer | null): Promise<RunResult | null> {
  return packed === null || packed.length === 0 ? null : await unpack<RunResult>(packed);
}
