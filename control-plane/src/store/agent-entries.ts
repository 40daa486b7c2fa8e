import type { Redis } from 'ioredis';
import { script } from './script.ts';
import { appendedMs } from './stream-entry.ts';
import { Together } from './together.ts';

/** The control planes of a cluster are one group: each entry goes to one of them. */
const GROUP = 'control-plane';
/** They share a name: which of them holds an entry is known from who refreshes it. */
const CONSUMER = 'control-plane';
const WHO = { group: GROUP, consumer: CONSUMER };

/** An agent whose stream is longer than this loses the oldest entries. */
const MAX_LENGTH = 20_000;

const readEntries = script<
  { streams: readonly string[] },
  typeof WHO & ReadBounds & { field: string; textBytes: number },
  [looked: number, found: [index: number, more: 0 | 1, idsAndTexts: string[]][], nowMs: number]
>(import.meta.url, 'read-entries.lua');

const abandonedEntries = script<
  { streams: readonly string[] },
  { group: string; idleMs: number; length: number; entries: number },
  [index: number, idsAndDeliveries: (string | number)[]][]
>(import.meta.url, 'abandoned-entries.lua');

const claimEntry = script<
  { stream: string },
  typeof WHO & { id: string; idleMs: number; field: string; textBytes: number },
  [] | [text: string, nowMs: number]
>(import.meta.url, 'claim-entry.lua');

const finishEntries = script<
  { streams: readonly string[] },
  { group: string; ids: readonly string[][] },
  null
>(import.meta.url, 'finish-entries.lua');

/** Bounds of one read; it ends with the entry that reaches `bytes`. */
export interface ReadBounds {
  /** With entries. */
  streams: number;
  /** Of each stream. */
  entries: number;
  /** Of all texts. */
  bytes: number;
}

export interface ReadEntry {
  id: string;
  /** '' if it has more bytes than allowed: then it stays in Redis. */
  text: string;
  /** From its arrival in Redis until it was read. */
  readAfterMs: number;
}

export interface ReadStream {
  key: string;
  entries: ReadEntry[];
  /** Whether the stream may have more. */
  more: boolean;
}

export interface AbandonedEntry {
  key: string;
  id: string;
  deliveries: number;
}

/** The second of each pair, by the first. */
function pairs<A, B>(flat: readonly unknown[]): [A, B][] {
  return Array.from({ length: flat.length / 2 }, (_, at) => [
    flat[2 * at] as A,
    flat[2 * at + 1] as B,
  ]);
}

/**
 * The entries of agents' streams, of which one field is read. Texts are measured in Redis, before they
 * are sent: what an agent appends could be of any length.
 */
export class AgentEntries {
  readonly #redis: Redis;
  readonly #of: { field: string; textBytes: number };
  readonly #done = new Together<{ key: string; id: string }>((done) => this.#finish(done));

  /** `redis` serves this alone: its answers are large. */
  constructor(redis: Redis, of: { field: string; textBytes: number }) {
    this.#redis = redis;
    this.#of = of;
  }

  /** The first `looked` of the keys have been looked at. */
  async read(
    keys: readonly string[],
    bounds: ReadBounds,
  ): Promise<{ looked: number; found: ReadStream[] }> {
    const args = { ...WHO, ...this.#of, ...bounds };
    const [looked, found, nowMs] = await readEntries(this.#redis, { streams: keys }, args);
    return {
      looked,
      found: found.map(([index, more, flat]) => ({
        key: keys[index - 1] ?? '',
        entries: pairs<string, string>(flat).map(([id, text]) => ({
          ...{ id, text },
          readAfterMs: nowMs - appendedMs(id),
        })),
        more: more === 1,
      })),
    };
  }

  /** Cuts the streams to their length, and finds what was taken and is in nobody's hands. */
  async abandoned(
    keys: readonly string[],
    { idleMs, entries }: { idleMs: number; entries: number },
  ): Promise<AbandonedEntry[]> {
    if (keys.length === 0) return [];
    const args = { group: GROUP, idleMs, length: MAX_LENGTH, entries };
    const found = await abandonedEntries(this.#redis, { streams: keys }, args);
    return found.flatMap(([index, flat]) =>
      pairs<string, number>(flat).map(([id, deliveries]) => ({
        key: keys[index - 1] ?? '',
        id,
        deliveries,
      })),
    );
  }

  /** null: another control plane was first, or it was cut off. */
  async claim(key: string, id: string, idleMs: number): Promise<ReadEntry | null> {
    const [text, nowMs] = await claimEntry(
      this.#redis,
      { stream: key },
      { ...WHO, ...this.#of, id, idleMs },
    );
    if (text === undefined || nowMs === undefined) return null;
    return { id, text, readAfterMs: nowMs - appendedMs(id) };
  }

  /** Says that these are in somebody's hands. */
  async refresh(held: readonly { key: string; ids: readonly string[] }[]): Promise<void> {
    const pipeline = this.#redis.pipeline();
    for (const { key, ids } of held) pipeline.xclaim(key, GROUP, CONSUMER, 0, ...ids, 'JUSTID');
    await pipeline.exec();
  }

  /** With what else is done in this turn of the event loop. */
  async done(key: string, id: string): Promise<void> {
    await this.#done.add({ key, id });
  }

  async #finish(done: readonly { key: string; id: string }[]): Promise<void> {
    const idsOf = new Map<string, string[]>();
    for (const { key, id } of done) {
      const ids = idsOf.get(key);
      if (ids === undefined) idsOf.set(key, [id]);
      else ids.push(id);
    }
    const args = { group: GROUP, ids: [...idsOf.values()] };
    await finishEntries(this.#redis, { streams: [...idsOf.keys()] }, args);
  }
}
