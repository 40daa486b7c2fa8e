import { type Report, type RunResult, type RunState, samplesKey } from '@oversoak/contracts';
import { memberKey, type RunRecord } from '../run/record.ts';
import {
  AGENT_PREFIX,
  OPEN_RUNS_KEY,
  QUEUE_KEY,
  REFUSED_REPORTS_KEY,
  runEventsKey,
  runKey,
  runReportsKey,
  runResultKey,
  soakKey,
} from './names.ts';
import { pack, unpack } from './packed.ts';
import type { Store } from './redis.ts';

/** A state change as it stands on the run's event stream. */
export interface StoredEvent {
  state: RunState;
  atMs: number;
  judgement: RunRecord['judgement'];
}

const part = (report: Pick<Report, 'kind' | 'role' | 'agentId'>) =>
  `${report.kind}.${memberKey(report)}`;

export class Runs {
  readonly #redis: Store;

  constructor(redis: Store) {
    this.#redis = redis;
  }

  async get(runId: string): Promise<RunRecord | null> {
    const record = await this.#redis.hget(runKey(runId), 'record');
    return record === null ? null : (JSON.parse(record) as RunRecord);
  }

  /** In the order of the ids; an id without a run is left out. */
  async getAll(runIds: readonly string[]): Promise<RunRecord[]> {
    const pipeline = this.#redis.pipeline();
    for (const runId of runIds) pipeline.hget(runKey(runId), 'record');
    const records = [];
    for (const [error, record] of (await pipeline.exec()) ?? []) {
      if (error !== null) throw error;
      if (typeof record === 'string') records.push(JSON.parse(record) as RunRecord);
    }
    return records;
  }

  /**
   * Stores `run` if the stored version is still the one it was made from. `result` goes with the
   * state `done` and only with it. False: another writer was first.
   */
  async store(before: RunRecord, run: RunRecord, result: RunResult | null): Promise<boolean> {
    const changed = before.state !== run.state;
    const event: StoredEvent = {
      state: run.state,
      atMs: Math.floor(run.stateSinceMs),
      judgement: run.judgement,
    };
    const stored = await this.#redis.storeRun(
      runKey(run.runId),
      runEventsKey(run.runId),
      OPEN_RUNS_KEY,
      QUEUE_KEY,
      soakKey(run.soakId),
      runResultKey(run.runId),
      runReportsKey(run.runId),
      run.runId,
      before.version,
      run.version,
      run.state,
      JSON.stringify(run),
      changed ? JSON.stringify(event) : '',
      run.judgement?.verdict ?? '',
      result === null ? '' : await pack(result),
      AGENT_PREFIX,
      event.atMs,
    );
    return stored === 1;
  }

  /** Vouches that the effects of this version were done. */
  async effectsDone(run: RunRecord): Promise<void> {
    await this.#redis.hset(runKey(run.runId), 'effected', run.version);
  }

  /** Runs that are not done, with the newest version whose effects are known to be done. */
  async open(): Promise<{ run: RunRecord; effectedVersion: number }[]> {
    const pipeline = this.#redis.pipeline();
    for (const runId of await this.#redis.smembers(OPEN_RUNS_KEY)) {
      pipeline.hmget(runKey(runId), 'record', 'effected');
    }
    const open = [];
    for (const [error, fields] of (await pipeline.exec()) ?? []) {
      if (error !== null) throw error;
      const [record, effected] = fields as (string | null)[];
      if (record === null || record === undefined) continue;
      open.push({ run: JSON.parse(record) as RunRecord, effectedVersion: Number(effected ?? 0) });
    }
    return open;
  }

  async head(): Promise<string | null> {
    const [runId] = await this.#redis.zrange(QUEUE_KEY, '0', '0');
    return runId ?? null;
  }

  /** Keeps the first report of its kind from this member; later ones change nothing. */
  async keepReport(report: Report): Promise<void> {
    await this.#redis.hsetnx(runReportsKey(report.runId), part(report), JSON.stringify(report));
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

  async result(runId: string): Promise<RunResult | null> {
    const result = await this.#redis.getBuffer(runResultKey(runId));
    return result === null || result.length === 0 ? null : await unpack<RunResult>(result);
  }

  /** Its state changes, oldest first. */
  async events(runId: string): Promise<RunResult['events']> {
    const entries = await this.#redis.xrange(runEventsKey(runId), '-', '+');
    return entries.map(([, fields]) => {
      const { state, atMs } = JSON.parse(fieldOf(fields, 'event')) as StoredEvent;
      return { state, atMs };
    });
  }

  /** Entries of the sample stream after an entry's id, oldest first, as they were written. */
  async samples(
    runId: string,
    afterId: string | null,
    limit: number,
  ): Promise<{ id: string; text: string }[]> {
    const from = afterId === null ? '-' : `(${afterId}`;
    const entries = await this.#redis.xrange(samplesKey(runId), from, '+', 'COUNT', limit);
    return entries.map(([id, fields]) => ({ id, text: fieldOf(fields, 'sample') }));
  }
}

export function fieldOf(fields: readonly string[], name: string): string {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field === name);
  return at === -1 ? '' : (fields[at + 1] ?? '');
}
