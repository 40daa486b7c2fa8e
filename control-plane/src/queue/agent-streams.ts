import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Log } from '../model/log.ts';
import type { WorkerDeps } from './short-jobs.ts';
import { StreamNews } from './stream-news.ts';

/** How often all streams are looked at while nobody says which of them are written. */
const POLL_MS = 250;
/** Streams of one look, which is one script. */
const LOOK = 256;
const SWEEPS = { everyMs: 2_500, abandonedMs: 6_000 };
/** An entry that ended two processes would end the next one too; one that failed twice stays so. */
const MAX_DELIVERIES = 2;
const RETRY_MS = 1_000;

/** An entry of a stream of an agent. The agent is known from the stream, never from the text. */
export interface AgentEntry {
  agentId: string;
  id: string;
  /** '' if it is longer than allowed. */
  text: string;
  /** From its arrival in Redis until it was read. */
  readAfterMs: number;
}

type Entry = Omit<AgentEntry, 'agentId'>;

/** What is read of a stream, and how; `store/agent-entries.ts` over Redis. */
export interface Entries {
  read(
    keys: readonly string[],
    bounds: { streams: number; entries: number; bytes: number },
  ): Promise<{ looked: number; found: { key: string; entries: Entry[]; more: boolean }[] }>;
  abandoned(
    keys: readonly string[],
    bounds: { idleMs: number; entries: number },
  ): Promise<{ key: string; id: string; deliveries: number }[]>;
  claim(key: string, id: string, idleMs: number): Promise<Entry | null>;
  refresh(held: readonly { key: string; ids: readonly string[] }[]): Promise<void>;
  done(key: string, id: string): Promise<void>;
}

export interface AgentStreamsOptions {
  redis: Redis;
  entries: Entries;
  log: Log;
  /** Nothing is read while Redis refuses writes: reading is one. */
  writes: Pick<WorkerDeps['writes'], 'refusal'>;
  keyOf(agentId: string): string;
  agentIds(): Promise<string[]>;
  take(entry: AgentEntry): Promise<void>;
  /**
   * Whether entries of one stream that were read together are all begun at once, in their order; if
   * not, each when the one before it is done. Default: not.
   */
  takesTogether?: boolean;
  /** An entry that was tried too often. */
  giveUp(entry: AgentEntry): Promise<void>;
  /**
   * Bounds what is in memory at a time: streams, entries of each, and bytes of all texts, beyond
   * which nothing more is read.
   */
  read: { streams: number; entries: number; bytes: number };
  /**
   * How often entries in progress are refreshed and those of a dead control plane looked for, and
   * after how long without a refresh nobody processes an entry.
   */
  sweeps?: typeof SWEEPS;
}

/**
 * Reads a stream of each agent: in order within a stream, independently between them. An entry is
 * deleted when it has been processed. Every agent appends to its own streams only.
 */
export class AgentStreams {
  readonly #options: AgentStreamsOptions;
  readonly #news: StreamNews;
  readonly #sweepTimes: typeof SWEEPS;
  /** By agent; each is processed in order, and read again when it is done. */
  readonly #working = new Map<string, Promise<void>>();
  /** Ids of entries in progress, by agent. */
  readonly #held = new Map<string, Set<string>>();
  #heldBytes = 0;
  /** Agents whose stream may have something new. */
  readonly #due = new Set<string>();
  #agentOf = new Map<string, string>();
  #listedMs = Number.NEGATIVE_INFINITY;
  #wake: () => void = () => undefined;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<unknown>;

  constructor(options: AgentStreamsOptions) {
    this.#options = options;
    this.#sweepTimes = options.sweeps ?? SWEEPS;
    const { redis, log, keyOf } = options;
    this.#news = new StreamNews({
      ...{ redis, log, prefix: sharedPrefix(keyOf) },
      written: (key) => this.#written(key),
      subscribed: () => this.#listAgain(),
    });
    this.#stopping.signal.addEventListener('abort', () => this.#wake());
    this.#ended = Promise.all([this.#reads(), this.#sweeps()]);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#news.close();
    await this.#ended;
    await Promise.all(this.#working.values());
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #written(key: string): void {
    const agentId = this.#agentOf.get(key);
    if (agentId !== undefined) this.#due.add(agentId);
    // Of an agent that is new, or of one that is not on the list.
    else if (this.#options.keyOf(agentIdIn(key, this.#options.keyOf)) === key) this.#listAgain();
    else return;
    this.#wake();
  }

  /** Soon: whoever writes to the key of an unknown agent does not set the pace. */
  #listAgain(): void {
    const latestMs = performance.now() - this.#listEveryMs + POLL_MS;
    this.#listedMs = Math.min(this.#listedMs, latestMs);
    this.#wake();
  }

  /** All streams are looked at in each round; between rounds, those that were written. */
  get #listEveryMs(): number {
    return this.#news.isSubscribed ? this.#sweepTimes.everyMs : POLL_MS;
  }

  async #reads(): Promise<void> {
    while (!this.#stopped) {
      if (await this.#refused()) continue;
      try {
        await this.#list();
        if (!(await this.#read())) await this.#wait();
      } catch (error) {
        if (this.#stopped) return;
        this.#options.log.error({ err: error }, 'the streams of the agents cannot be read');
        await this.#pause(RETRY_MS);
      }
    }
  }

  async #list(): Promise<void> {
    if (performance.now() - this.#listedMs < this.#listEveryMs) return;
    this.#listedMs = performance.now();
    const agentIds = await this.#options.agentIds();
    this.#agentOf = new Map(agentIds.map((agentId) => [this.#options.keyOf(agentId), agentId]));
    for (const agentId of agentIds) this.#due.add(agentId);
  }

  /** Processes what is there of a part of the due streams; false: nothing can be read now. */
  async #read(): Promise<boolean> {
    const { entries, read, keyOf } = this.#options;
    const streams = read.streams - this.#working.size;
    const bytes = read.bytes - this.#heldBytes;
    if (streams <= 0 || bytes <= 0) return false;
    const agentIds: string[] = [];
    for (const agentId of this.#due) {
      if (agentIds.length === LOOK) break;
      if (!this.#working.has(agentId)) agentIds.push(agentId);
    }
    if (agentIds.length === 0) return false;
    // What is written from here on makes its agent due again.
    for (const agentId of agentIds) this.#due.delete(agentId);
    try {
      const bounds = { streams, entries: read.entries, bytes };
      const { looked, found } = await entries.read(agentIds.map(keyOf), bounds);
      for (const agentId of agentIds.slice(looked)) this.#due.add(agentId);
      for (const { key, entries: taken, more } of found) {
        const agentId = this.#agentOf.get(key) ?? agentIdIn(key, keyOf);
        if (more) this.#due.add(agentId);
        this.#begin(agentId, taken);
      }
    } catch (error) {
      for (const agentId of agentIds) this.#due.add(agentId);
      throw error;
    }
    return true;
  }

  #begin(agentId: string, entries: readonly Entry[]): void {
    const held = this.#held.get(agentId) ?? new Set();
    this.#held.set(agentId, held);
    for (const { id, text } of entries) {
      held.add(id);
      this.#heldBytes += text.length;
    }
    const before = this.#working.get(agentId) ?? Promise.resolve();
    const working = before
      .then(async () => {
        if (this.#options.takesTogether) {
          await Promise.all(entries.map((entry) => this.#process(agentId, entry)));
          return;
        }
        for (const entry of entries) await this.#process(agentId, entry);
      })
      .finally(() => {
        if (this.#working.get(agentId) === working) {
          this.#working.delete(agentId);
          this.#held.delete(agentId);
        }
        this.#wake();
      });
    this.#working.set(agentId, working);
  }

  /** An entry whose processing fails stays, and is found by a later sweep. */
  async #process(agentId: string, entry: Entry): Promise<void> {
    const { take, log, entries, keyOf } = this.#options;
    const { id } = entry;
    try {
      await take({ agentId, ...entry });
      await entries.done(keyOf(agentId), id);
    } catch (error) {
      log.error({ err: error, agentId, id }, 'an entry of an agent could not be processed');
    } finally {
      this.#heldBytes -= entry.text.length;
      this.#held.get(agentId)?.delete(id);
    }
  }

  async #refused(): Promise<boolean> {
    if (this.#options.writes.refusal === null) return false;
    await this.#pause(RETRY_MS);
    return true;
  }

  async #sweeps(): Promise<void> {
    while (!this.#stopped) {
      await this.#pause(this.#sweepTimes.everyMs);
      if (await this.#refused()) continue;
      try {
        await this.#sweep();
      } catch (error) {
        if (this.#stopped) continue;
        this.#options.log.error(
          { err: error },
          'the streams of the agents cannot be looked through',
        );
      }
    }
  }

  /** Until something is written or done, or the next round is due. */
  async #wait(): Promise<void> {
    if (this.#stopped) return;
    const woken = Promise.withResolvers<void>();
    this.#wake = woken.resolve;
    const leftMs = this.#listedMs + this.#listEveryMs - performance.now();
    const timer = setTimeout(woken.resolve, Math.max(0, leftMs));
    await woken.promise;
    clearTimeout(timer);
  }

  /** Ends early when this is closed. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    await delay(ms, null, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  /** Refreshes the entries in progress here, and restarts those that no process refreshes. */
  async #sweep(): Promise<void> {
    const { entries, keyOf, read } = this.#options;
    const held = [...this.#held]
      .filter(([, ids]) => ids.size > 0)
      .map(([agentId, ids]) => ({ key: keyOf(agentId), ids: [...ids] }));
    await entries.refresh(held);
    const agentOf = this.#agentOf;
    const keys = [...agentOf.keys()];
    const bounds = { idleMs: this.#sweepTimes.abandonedMs, entries: read.entries };
    for (let at = 0; at < keys.length && !this.#stopped; at += LOOK) {
      for (const { key, id, deliveries } of await entries.abandoned(
        keys.slice(at, at + LOOK),
        bounds,
      )) {
        if (this.#heldBytes >= read.bytes) return;
        await this.#again(agentOf.get(key) ?? '', key, id, deliveries);
      }
    }
  }

  async #again(agentId: string, key: string, id: string, deliveries: number): Promise<void> {
    const { entries, giveUp } = this.#options;
    const entry = await entries.claim(key, id, this.#sweepTimes.abandonedMs);
    if (entry === null) return;
    if (deliveries < MAX_DELIVERIES) {
      this.#begin(agentId, [entry]);
      return;
    }
    await giveUp({ agentId, ...entry });
    await entries.done(key, id);
  }
}

/** Stands for an agent in a key. */
const ANY = '\0';

function sharedPrefix(keyOf: (agentId: string) => string): string {
  return keyOf(ANY).split(ANY)[0] ?? '';
}

/** Pure: the agent in a key of this form; something else if it is of another form. */
function agentIdIn(key: string, keyOf: (agentId: string) => string): string {
  const [prefix = '', suffix = ''] = keyOf(ANY).split(ANY);
  return key.slice(prefix.length, key.length - suffix.length);
}
