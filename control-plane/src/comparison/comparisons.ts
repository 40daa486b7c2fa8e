import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Quota, RedisTransport } from '@oversoak/contracts';
import { LRUCache } from 'lru-cache';
import { Piscina } from 'piscina';
import { overQuota, type Quotas } from '../model/quotas.ts';
import type { Runs } from '../store/runs.ts';
import type { StoredSoak } from '../store/soaks.ts';
import {
  type ComparisonAnswers,
  type ComparisonStores,
  type ComparisonTask,
  perform,
} from './comparison-task.ts';
import { resolveSide, unresolved } from './resolve-selector.ts';

/** One core stays for requests, reports and samples. */
const THREADS = Math.min(4, Math.max(1, availableParallelism() - 1));
const IDLE_MS = 30_000;
/** The responses to more would come too late for their callers. */
const MAX_WAITING = 32;
const MAX_SECONDS = 300;
/** A night's result is read one run at a time, and is a few times as large as its packed form. */
const HEAP_MIB = 512;
/** A result that came after its verdict is seen after this. */
const KNOWN_MS = 60_000;
const KNOWN_BYTES = 64 * 2 ** 20;
/** The longest entries that are worth their space. */
const KNOWN_ENTRY_BYTES = KNOWN_BYTES / 8;

/** Size of packed results, or of a report, that is compared sooner than a thread starts. */
const FEW_BYTES = 128 * 1024;

/** Why a comparison is not computed. */
export class ComparisonRefused extends Error {
  override readonly name = 'ComparisonRefused';
  readonly statusCode: 422 | 429 | 503;
  readonly quota: Quota | undefined;

  constructor(statusCode: 422 | 429 | 503, detail: string, quota?: Quota) {
    super(detail);
    this.statusCode = statusCode;
    this.quota = quota;
  }
}

export interface ComparisonsDeps {
  redisUrl: string;
  redisTransport?: RedisTransport;
  stores: ComparisonStores & { runs: Pick<Runs, 'resultBytes'> };
  quotas: Pick<Quotas, 'comparisons'>;
  threads?: number;
  maxWaiting?: number;
  fewBytes?: number;
}

const versionOf = ({ soak, progress }: StoredSoak) => `${soak.soakId} ${progress.done}`;

/**
 * Compares in a bounded pool of threads: the one that answers requests goes on meanwhile. What was
 * compared is known for a while, and what is being compared is not begun a second time.
 */
export class Comparisons {
  readonly #deps: ComparisonsDeps;
  readonly #pool: Piscina;
  readonly #known = new LRUCache<string, { answer: unknown; bytes: number }>({
    maxSize: KNOWN_BYTES,
    maxEntrySize: KNOWN_ENTRY_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
    ttl: KNOWN_MS,
  });
  readonly #running = new Map<string, Promise<unknown>>();
  /** Computed in the pool now, or waiting for a thread of it. */
  #inPool = 0;
  /** How many each token waits for. */
  readonly #pendingOf = new Map<string, number>();

  constructor(deps: ComparisonsDeps) {
    this.#deps = deps;
    this.#pool = new Piscina({
      filename: fileURLToPath(import.meta.url.replace('comparisons', 'comparison-worker')),
      minThreads: 0,
      maxThreads: deps.threads ?? THREADS,
      idleTimeout: IDLE_MS,
      workerData: { redisUrl: deps.redisUrl, redisTransport: deps.redisTransport },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    });
    // Of a thread that ended; its task is rejected as well.
    this.#pool.on('error', () => {});
  }

  /** Throws ComparisonRefused. `owner`: the requesting token. */
  async two(left: string, right: string, owner: string): Promise<ComparisonAnswers['two']> {
    const { stores } = this.#deps;
    // What does not exist needs no thread.
    const sides = [
      await resolveSide(left, '/left', stores),
      await resolveSide(right, '/right', stores),
    ];
    if (sides.some((side) => 'problems' in side)) return unresolved(sides);
    const records = sides.flatMap((side) => ('problems' in side ? [] : [side.soak]));
    const stored = await Promise.all(records.map(({ soakId }) => stores.soaks.get(soakId)));
    const versions = stored.map((soak) => (soak === null ? '' : versionOf(soak)));
    const key = JSON.stringify(['two', left, right, ...versions]);
    const bytes = await stores.runs.resultBytes(records.flatMap(({ runIds }) => runIds));
    return await this.#request(key, bytes, { kind: 'two', left, right }, owner);
  }

  /** The cells of a soak side by side. Throws ComparisonRefused. */
  async soak(stored: StoredSoak, owner: string): Promise<ComparisonAnswers['soak']> {
    const key = JSON.stringify(['soak', versionOf(stored)]);
    return await this.#request(
      key,
      await this.#bytesOf(stored),
      { kind: 'soak', soak: stored.soak },
      owner,
    );
  }

  /** What plots need beside it. Throws ComparisonRefused. */
  async report(stored: StoredSoak, owner: string): Promise<ComparisonAnswers['report']> {
    const key = JSON.stringify(['report', versionOf(stored)]);
    return await this.#request(
      key,
      await this.#bytesOf(stored),
      { kind: 'report', soak: stored.soak },
      owner,
    );
  }

  /** One file without a network. Throws ComparisonRefused. */
  async html(
    content: Extract<ComparisonTask, { kind: 'html' }>['content'],
    owner: string,
  ): Promise<string> {
    const { length } = JSON.stringify(content);
    return await this.#request(null, length, { kind: 'html', content }, owner);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #request<K extends ComparisonTask['kind']>(
    key: string | null,
    bytes: number,
    task: Extract<ComparisonTask, { kind: K }>,
    owner: string,
  ): Promise<ComparisonAnswers[K]> {
    const known = key === null ? undefined : this.#known.get(key);
    if (known !== undefined) return known.answer as ComparisonAnswers[K];
    const pending = this.#pendingOf.get(owner) ?? 0;
    const { comparisons } = this.#deps.quotas;
    if (pending >= comparisons) {
      const { detail, quota } = overQuota('comparisons', pending, 1, comparisons);
      throw new ComparisonRefused(429, detail, quota);
    }
    this.#pendingOf.set(owner, pending + 1);
    try {
      return (await this.#once(key, bytes, task)) as ComparisonAnswers[K];
    } finally {
      const left = (this.#pendingOf.get(owner) ?? 1) - 1;
      if (left > 0) this.#pendingOf.set(owner, left);
      else this.#pendingOf.delete(owner);
    }
  }

  #bytesOf({ soak }: StoredSoak): Promise<number> {
    return this.#deps.stores.runs.resultBytes(soak.runIds);
  }

  async #once(key: string | null, bytes: number, task: ComparisonTask): Promise<unknown> {
    if (key === null) return await this.#run(bytes, task);
    const running = this.#running.get(key);
    if (running !== undefined) return await running;
    const started = this.#run(bytes, task).finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    const answer = await started;
    this.#known.set(key, { answer, bytes: JSON.stringify(answer).length });
    return answer;
  }

  async #run(bytes: number, task: ComparisonTask): Promise<unknown> {
    const { stores, fewBytes = FEW_BYTES, threads = THREADS } = this.#deps;
    if (bytes <= fewBytes) return await perform(task, stores);
    // The pool's own bound ignores tasks that it has skipped once.
    const { maxWaiting = MAX_WAITING } = this.#deps;
    if (this.#inPool >= threads + maxWaiting) {
      const detail = 'too many comparisons are being computed; try again later';
      throw new ComparisonRefused(503, detail);
    }
    this.#inPool += 1;
    try {
      return await this.#pool.run(task, { signal: AbortSignal.timeout(MAX_SECONDS * 1000) });
    } catch (error) {
      throw refusalOf(error) ?? error;
    } finally {
      this.#inPool -= 1;
    }
  }
}

function refusalOf(error: unknown): ComparisonRefused | null {
  const { name, code } = error as { name?: string; code?: string };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new ComparisonRefused(422, `the comparison needs more than ${HEAP_MIB} MiB of memory`);
  }
  if (name === 'AbortError') {
    return new ComparisonRefused(503, `the comparison takes longer than ${MAX_SECONDS} s`);
  }
  return null;
}
