import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Log } from '../model/log.ts';
import type { WorkerDeps } from './short-jobs.ts';

/** The control planes of a cluster are one group: each entry goes to one of them. */
const GROUP = 'control-plane';
/** They share a name: which of them holds an entry is known from who refreshes it. */
const CONSUMER = 'control-plane';

const BLOCK_MS = 250;
const SWEEPS = { everyMs: 2_500, abandonedMs: 6_000 };
/** An entry that ended two processes would end the next one too; one that failed twice stays so. */
const MAX_DELIVERIES = 2;
/** An agent whose stream is longer than this loses the oldest entries. */
const MAX_LENGTH = 20_000;
const RETRY_MS = 1_000;

/** An entry of a stream of an agent. The agent is known from the stream, never from the text. */
export interface AgentEntry {
  agentId: string;
  id: string;
  text: string;
}

export interface AgentStreamsOptions {
  redis: Redis;
  log: Log;
  /** Nothing is read while Redis refuses writes: reading is one. */
  writes: Pick<WorkerDeps['writes'], 'refusal'>;
  keyOf(agentId: string): string;
  /** Field of an entry that has its text. */
  field: string;
  agentIds(): Promise<string[]>;
  take(entry: AgentEntry): Promise<void>;
  /** An entry that was tried too often. */
  giveUp(entry: AgentEntry): Promise<void>;
  /** Bounds what is in memory at a time: streams of one read, and entries of each. */
  read: { streams: number; entries: number };
  /**
   * How often entries in progress are refreshed and those of a dead control plane looked for, and
   * after how long without a refresh nobody processes an entry.
   */
  sweeps?: typeof SWEEPS;
}

type Entry = [id: string, fields: string[] | null];

/**
 * Reads a stream of each agent: in order within a stream, independently between them. An entry is
 * deleted when it has been processed. Every agent appends to its own streams only.
 */
export class AgentStreams {
  readonly #options: AgentStreamsOptions;
  /** Blocks, so it is a connection of its own. */
  readonly #blocking: Redis;
  readonly #sweepTimes: typeof SWEEPS;
  readonly #working = new Map<string, Promise<void>>();
  /** Ids of entries in progress, by agent. */
  readonly #held = new Map<string, Set<string>>();
  readonly #grouped = new Set<string>();
  #agentIds: string[] = [];
  #listedMs = Number.NEGATIVE_INFINITY;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<unknown>;

  constructor(options: AgentStreamsOptions) {
    this.#options = options;
    this.#sweepTimes = options.sweeps ?? SWEEPS;
    this.#blocking = options.redis.duplicate();
    this.#blocking.on('error', (error) => options.log.error({ err: error }, 'reading agents'));
    this.#ended = Promise.all([this.#reads(), this.#sweeps()]);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    if (this.#blocking.status !== 'ready') this.#blocking.disconnect();
    await this.#ended;
    await Promise.all(this.#working.values());
    this.#blocking.disconnect();
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #reads(): Promise<void> {
    while (!this.#stopped) {
      if (await this.#refused()) continue;
      try {
        await this.#list();
        if (!(await this.#readAll())) await this.#read(this.#agentIds, BLOCK_MS);
      } catch (error) {
        // Groups go with the data of a Redis, and with an agent that is forgotten.
        this.#grouped.clear();
        this.#listedMs = Number.NEGATIVE_INFINITY;
        if (this.#stopped) return;
        if (!isGroupGone(error)) {
          this.#options.log.error({ err: error }, 'the streams of the agents cannot be read');
          await this.#pause(RETRY_MS);
        }
      }
    }
  }

  /** Agents that are new since the last look get their group, which starts at their first entry. */
  async #list(): Promise<void> {
    const { redis, keyOf, agentIds } = this.#options;
    if (performance.now() - this.#listedMs < BLOCK_MS) return;
    this.#agentIds = await agentIds();
    this.#listedMs = performance.now();
    const pipeline = redis.pipeline();
    const added = this.#agentIds.filter((agentId) => !this.#grouped.has(agentId));
    for (const agentId of added) pipeline.xgroup('CREATE', keyOf(agentId), GROUP, '0', 'MKSTREAM');
    for (const [error] of (await pipeline.exec()) ?? []) {
      if (error !== null && !error.message.startsWith('BUSYGROUP')) throw error;
    }
    for (const agentId of added) this.#grouped.add(agentId);
  }

  /** Processes existing entries, a few streams at a time; false: there were none. */
  async #readAll(): Promise<boolean> {
    const { streams } = this.#options.read;
    const agentIds = this.#agentIds;
    let found = false;
    for (let at = 0; at < agentIds.length && !this.#stopped; at += streams) {
      while (this.#working.size >= streams) await Promise.race(this.#working.values());
      found = (await this.#read(agentIds.slice(at, at + streams), null)) || found;
    }
    return found;
  }

  async #read(agentIds: readonly string[], blockMs: number | null): Promise<boolean> {
    const { keyOf, read } = this.#options;
    if (agentIds.length === 0) {
      if (blockMs !== null) await this.#pause(blockMs);
      return false;
    }
    const streams = [...agentIds.map(keyOf), ...agentIds.map(() => '>')];
    const words = ['GROUP', GROUP, CONSUMER, 'COUNT', read.entries] as const;
    const replies = (await (blockMs === null
      ? this.#blocking.xreadgroup(...words, 'STREAMS', ...streams)
      : this.#blocking.xreadgroup(...words, 'BLOCK', blockMs, 'STREAMS', ...streams))) as
      | [key: string, entries: Entry[]][]
      | null;
    const agentOf = new Map(agentIds.map((agentId) => [keyOf(agentId), agentId]));
    for (const [key, entries] of replies ?? []) this.#begin(agentOf.get(key) ?? '', entries);
    return replies !== null;
  }

  #begin(agentId: string, entries: readonly Entry[]): void {
    const held = this.#held.get(agentId) ?? new Set();
    this.#held.set(agentId, held);
    for (const [id] of entries) held.add(id);
    const before = this.#working.get(agentId) ?? Promise.resolve();
    const working = before
      .then(async () => {
        for (const entry of entries) await this.#process(agentId, entry);
      })
      .finally(() => {
        if (this.#working.get(agentId) !== working) return;
        this.#working.delete(agentId);
        this.#held.delete(agentId);
      });
    this.#working.set(agentId, working);
  }

  /** An entry whose processing fails stays, and is found by a later sweep. */
  async #process(agentId: string, [id, fields]: Entry): Promise<void> {
    const { take, log, field } = this.#options;
    try {
      await take({ agentId, id, text: textOf(fields, field) });
      await this.#done(agentId, id);
    } catch (error) {
      log.error({ err: error, agentId, id }, 'an entry of an agent could not be processed');
    } finally {
      this.#held.get(agentId)?.delete(id);
    }
  }

  async #done(agentId: string, id: string): Promise<void> {
    const { redis, keyOf } = this.#options;
    const key = keyOf(agentId);
    await redis.multi().xack(key, GROUP, id).xdel(key, id).exec();
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
        if (this.#stopped || isGroupGone(error)) continue;
        this.#options.log.error(
          { err: error },
          'the streams of the agents cannot be looked through',
        );
      }
    }
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
    const { redis, keyOf } = this.#options;
    const refresh = redis.pipeline();
    for (const [agentId, ids] of this.#held) {
      if (ids.size > 0) refresh.xclaim(keyOf(agentId), GROUP, CONSUMER, 0, ...ids, 'JUSTID');
    }
    await refresh.exec();
    const pending = redis.pipeline();
    const agentIds = this.#agentIds;
    for (const agentId of agentIds) {
      const key = keyOf(agentId);
      pending.xtrim(key, 'MAXLEN', '~', MAX_LENGTH);
      pending.xpending(
        key,
        GROUP,
        'IDLE',
        this.#sweepTimes.abandonedMs,
        '-',
        '+',
        this.#options.read.entries,
      );
    }
    const replies = (await pending.exec()) ?? [];
    for (const [index, agentId] of agentIds.entries()) {
      const [error, found] = replies[index * 2 + 1] ?? [null, []];
      if (error !== null) throw error;
      for (const [id, , , deliveries] of found as [string, string, number, number][]) {
        await this.#again(agentId, id, deliveries);
      }
    }
  }

  async #again(agentId: string, id: string, deliveries: number): Promise<void> {
    const { redis, keyOf, field, giveUp } = this.#options;
    const claimed = await redis.xclaim(
      keyOf(agentId),
      GROUP,
      CONSUMER,
      this.#sweepTimes.abandonedMs,
      id,
    );
    const [entry] = claimed as Entry[];
    // Another control plane was first, or the entry was trimmed.
    if (entry === undefined) return;
    if (deliveries < MAX_DELIVERIES) {
      this.#begin(agentId, [entry]);
      return;
    }
    await giveUp({ agentId, id, text: textOf(entry[1], field) });
    await this.#done(agentId, id);
  }
}

function textOf(fields: string[] | null, name: string): string {
  const at = (fields ?? []).findIndex((field, index) => index % 2 === 0 && field === name);
  return at === -1 ? '' : (fields?.[at + 1] ?? '');
}

function isGroupGone(error: unknown): boolean {
  return error instanceof Error && /^(NOGROUP|UNBLOCKED)/.test(error.message);
}
