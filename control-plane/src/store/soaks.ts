import type { Cell, Origin, PinnedBaseline, SoakSpec, Verdict } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { placeInQueue } from '../model/queue-place.ts';
import { type OverQuota, overQuota, type Quotas } from '../model/quotas.ts';
import type { RunRecord } from '../model/run-record.ts';
import {
  BASELINES_KEY,
  CANCELLING_KEY,
  ENDED_SOAKS_KEY,
  QUEUE_KEY,
  QUOTAS_KEY,
  requestKey,
  runEventsKey,
  runKey,
  runReportsKey,
  runResultKey,
  runSamplesKey,
  SOAKS_KEY,
  soakKey,
  soakRunsKey,
} from './names.ts';
import type { StoredEvent } from './runs.ts';
import { script } from './script.ts';

/** The immutable part of a soak. */
export interface SoakRecord {
  soakId: string;
  name: string;
  createdAtMs: number;
  origin: Origin;
  spec: SoakSpec;
  /** The baseline whose cells alternate with those of the soak; missing: none. */
  against?: PinnedBaseline;
  runIds: string[];
  /** W3C traceparent of its submission, if that was traced. */
  trace?: string;
}

/** The spec for runs of this cell. Throws Error if the soak cannot contain the cell. */
export function specOfCell(
  { soakId, spec, against }: Pick<SoakRecord, 'soakId' | 'spec' | 'against'>,
  { side }: Pick<Cell, 'side'>,
): SoakSpec {
  if (side === undefined) return spec;
  if (against === undefined) throw new Error(`${soakId} is not compared with a baseline`);
  return against.spec;
}

/** Progress of a soak, counted in the transitions of its runs. */
export interface SoakProgress {
  begun: number;
  done: number;
  verdicts: Record<Verdict, number>;
  cancelRequested: boolean;
  /** When the latest run was done, or the soak was imported; null before the first run is done. */
  endedAtMs: number | null;
  samplesDeleted: boolean;
}

export interface StoredSoak {
  soak: SoakRecord;
  progress: SoakProgress;
}

/** The key that makes a request idempotent: `Idempotency-Key` or a schedule's tick. */
export interface RequestKey {
  key: string;
  /** Hash of the request. The same key with another fingerprint is refused. */
  fingerprint: string;
}

export type Created =
  /** `created` false: an earlier request with this key created the soak. */
  { soakId: string; created: boolean } | { keyOfAnotherRequest: true };

/** Whose quotas a soak counts for, and what these are. */
export interface Account {
  /** Id of a token, or `schedule:NAME`. */
  owner: string;
  quotas: Pick<Quotas, 'queuedRuns' | 'storedBytes'>;
}

/** How long a request key is remembered. */
const REQUEST_KEPT_MS = 7 * 86_400_000;

/** Page size for reading all soaks. */
const PAGE = 100;

/** A new run in the script's argument. */
interface FirstRecord {
  runId: string;
  key: string;
  eventsKey: string;
  version: number;
  state: RunRecord['state'];
  record: string;
  event: string;
}

const createSoak = script<
  Record<'soak' | 'soaks' | 'queue' | 'soakRuns' | 'request' | 'quotas', string>,
  {
    soakId: string;
    record: string;
    runs: FirstRecord[];
    place: number;
    fingerprint: string | undefined;
    rememberMs: number;
    owner: string;
    bytes: number;
    maxRuns: number;
    maxBytes: number;
  },
  [soakId: string, outcome: 0 | 1 | 2 | 3, used?: number]
>(import.meta.url, 'create-soak.lua');

const deleteSoak = script<
  Record<'soak' | 'soaks' | 'baselines' | 'quotas', string> & { own: string[] },
  { soakId: string; runs: number },
  0 | 1
>(import.meta.url, 'delete-soak.lua');

export class Soaks {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Stores a soak, its runs and its queue place atomically. */
  async create(
    soak: SoakRecord,
    runs: readonly RunRecord[],
    request: RequestKey | null,
    { owner, quotas }: Account,
  ): Promise<Created | { overQuota: OverQuota }> {
    const stored = runs.map((run) => {
      const event: StoredEvent = { state: run.state, atMs: soak.createdAtMs, judgement: null };
      return {
        runId: run.runId,
        key: runKey(run.runId),
        eventsKey: runEventsKey(run.runId),
        version: run.version,
        state: run.state,
        record: JSON.stringify(run),
        event: JSON.stringify(event),
      };
    });
    const keys = {
      soak: soakKey(soak.soakId),
      soaks: SOAKS_KEY,
      queue: QUEUE_KEY,
      soakRuns: soakRunsKey(soak.soakId),
      request: requestKey(request?.key ?? ''),
      quotas: QUOTAS_KEY,
    };
    const record = JSON.stringify(soak);
    const bytes = record.length + storedBytes(stored);
    const { queuedRuns: maxRuns, storedBytes: maxBytes } = quotas;
    const [soakId, outcome, used = 0] = await createSoak(this.#redis, keys, {
      soakId: soak.soakId,
      record,
      runs: stored,
      place: placeInQueue(soak.createdAtMs, soak.spec.priority),
      fingerprint: request?.fingerprint,
      rememberMs: REQUEST_KEPT_MS,
      ...{ owner, bytes, maxRuns, maxBytes },
    });
    switch (outcome) {
      case 2:
        return { overQuota: overQuota('queued-runs', used, runs.length, maxRuns) };
      case 3:
        return { overQuota: overQuota('stored-bytes', used, bytes, maxBytes) };
      default:
        return soakId === '' ? { keyOfAnotherRequest: true } : { soakId, created: outcome === 1 };
    }
  }

  /** The outcome of an earlier request with this key; null if there was none. */
  async createdBy({ key, fingerprint }: RequestKey): Promise<Created | null> {
    const [known, soakId] = await this.#redis.hmget(requestKey(key), 'fingerprint', 'soakId');
    if (known === null || known === undefined || !soakId) return null;
    return known === fingerprint ? { soakId, created: false } : { keyOfAnotherRequest: true };
  }

  async get(soakId: string): Promise<StoredSoak | null> {
    return storedSoak(await this.#redis.hgetall(soakKey(soakId)));
  }

  /**
   * Newest first, starting after the id `before`, which need not exist. `next` is the `before` of
   * the next page; null: this is the last page. `prefix`: only ids that begin so.
   */
  async list(
    before: string | null,
    limit: number,
    prefix = '',
  ): Promise<{ soaks: StoredSoak[]; next: string | null }> {
    // Ids are ASCII, so the last one with the prefix comes before the prefix and this letter.
    const last = prefix === '' ? '+' : `(${prefix}\u00ff`;
    const newest = before === null ? last : `(${before}`;
    const oldest = prefix === '' ? '-' : `[${prefix}`;
    const ids = await this.#redis.zrevrangebylex(SOAKS_KEY, newest, oldest, 'LIMIT', 0, limit);
    const soaks = await Promise.all(ids.map((soakId) => this.get(soakId)));
    const next = ids.length < limit ? null : (ids.at(-1) ?? null);
    // Retention may have deleted a soak since the ids were read.
    return { soaks: soaks.filter((soak) => soak !== null), next };
  }

  /** The newest soaks, `most` or all, newest first. Reads the next page on demand. */
  async *newest(most = Number.POSITIVE_INFINITY): AsyncGenerator<StoredSoak> {
    let before: string | null = null;
    for (let left = most; left > 0; left -= PAGE) {
      const page: Awaited<ReturnType<Soaks['list']>> = await this.list(
        before,
        Math.min(PAGE, left),
      );
      yield* page.soaks;
      before = page.next;
      if (before === null) return;
    }
  }

  /** Deletes a soak and its runs. False: it is not done, is pinned, or does not exist. */
  async delete({ soakId, runIds }: SoakRecord): Promise<boolean> {
    const keys = {
      soak: soakKey(soakId),
      soaks: SOAKS_KEY,
      baselines: BASELINES_KEY,
      quotas: QUOTAS_KEY,
      own: [soakRunsKey(soakId), ...runIds.flatMap(keysOfRun)],
    };
    return (await deleteSoak(this.#redis, keys, { soakId, runs: runIds.length })) === 1;
  }

  /** Deletes the samples of a finished soak. */
  async deleteSamples({ soakId, runIds }: SoakRecord): Promise<void> {
    const step = this.#redis.multi().unlink(...runIds.map(runSamplesKey));
    await step.hset(soakKey(soakId), 'samplesDeleted', 1).exec();
  }

  /** Finished soaks whose notification is unconfirmed. */
  async ended(): Promise<string[]> {
    return await this.#redis.smembers(ENDED_SOAKS_KEY);
  }

  async hasEnded(soakId: string): Promise<boolean> {
    return (await this.#redis.sismember(ENDED_SOAKS_KEY, soakId)) === 1;
  }

  async endNotified(soakId: string): Promise<void> {
    await this.#redis.srem(ENDED_SOAKS_KEY, soakId);
  }

  async markCancelled(soakId: string): Promise<void> {
    const marking = this.#redis.multi().hset(soakKey(soakId), 'cancelRequested', 1);
    await marking.sadd(CANCELLING_KEY, soakId).exec();
  }

  /** Soaks with a cancel in progress or interrupted. */
  async cancelling(): Promise<string[]> {
    return await this.#redis.smembers(CANCELLING_KEY);
  }

  /** Records that the cancel has reached every run. */
  async cancelReached(soakId: string): Promise<void> {
    await this.#redis.srem(CANCELLING_KEY, soakId);
  }
}

/** What Redis takes for a run beside its texts: a hash, and a stream that begins with a block. */
export const RUN_OVERHEAD_BYTES = 5000;

function storedBytes(runs: readonly FirstRecord[]): number {
  const each = (run: FirstRecord) => run.record.length + run.event.length + RUN_OVERHEAD_BYTES;
  return runs.reduce((sum, run) => sum + each(run), 0);
}

/** All Redis keys of a run. */
function keysOfRun(runId: string): string[] {
  return [runKey, runEventsKey, runReportsKey, runResultKey, runSamplesKey].map((key) =>
    key(runId),
  );
}

function storedSoak(fields: Record<string, string>): StoredSoak | null {
  if (fields.record === undefined) return null;
  const count = (name: string) => Number(fields[name] ?? 0);
  return {
    soak: JSON.parse(fields.record) as SoakRecord,
    progress: {
      begun: count('begun'),
      done: count('done'),
      verdicts: {
        passed: count('verdict.passed'),
        failed: count('verdict.failed'),
        inconclusive: count('verdict.inconclusive'),
        cancelled: count('verdict.cancelled'),
      },
      cancelRequested: fields.cancelRequested !== undefined,
      endedAtMs: fields.endedAtMs === undefined ? null : Number(fields.endedAtMs),
      samplesDeleted: fields.samplesDeleted !== undefined,
    },
  };
}
