import type { RunEvent } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { runEventsKey, runSamplesKey } from '../store/names.ts';
import type { StoredEvent } from '../store/runs.ts';
import { earlier, fieldOf } from '../store/stream-entry.ts';
import { readSample } from './sample.ts';

/**
 * Where a reader stands: all streams of a soak are written with the clock of one Redis, so the
 * millisecond of the last entry is a place in each of them. Entries of that same millisecond come
 * twice after a reconnect.
 */
export interface SoakFeedItem {
  atMs: number;
  event: RunEvent;
}

const BLOCK_MS = 1000;
const BATCH = 100;
const HIGHEST_NUMBER = '18446744073709551615';

/** The id before every entry of that millisecond. */
const before = (ms: number) => (ms <= 0 ? '0-0' : `${ms - 1}-${HIGHEST_NUMBER}`);

const msOf = (id: string) => Number(id.split('-')[0]);

interface Stream {
  runId: string;
  isState: boolean;
  after: string;
}

function eventOf({ runId, isState }: Stream, fields: string[]): RunEvent | null {
  if (isState) {
    const stored = JSON.parse(fieldOf(fields, 'event')) as StoredEvent;
    return { kind: 'state', runId, ...stored };
  }
  const sample = readSample(fieldOf(fields, 'sample'));
  return sample === null ? null : { kind: 'sample', sample };
}

/**
 * State changes and samples of all runs of a soak as they come, from two moments on; ends when
 * every run is done. Blocks on `connection`, which must be the feed's own. Stops when `connection`
 * is closed.
 */
export async function* soakFeed(
  connection: Redis,
  runIds: readonly string[],
  from: { statesMs: number; samplesMs: number },
): AsyncGenerator<SoakFeedItem> {
  const streams = new Map<string, Stream>();
  for (const runId of runIds) {
    const states = { runId, isState: true, after: before(from.statesMs) };
    streams.set(runEventsKey(runId), states);
    streams.set(runSamplesKey(runId), { runId, isState: false, after: before(from.samplesMs) });
  }
  while (streams.size > 0) {
    const keys = [...streams.keys()];
    const ids = [...streams.values()].map(({ after }) => after);
    const replies =
      (await connection.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', ...keys, ...ids)) ?? [];
    const entries = replies
      .flatMap(([key, list]) => list.map(([id, fields]) => ({ key, id, fields, atMs: msOf(id) })))
      .sort((a, b) => a.atMs - b.atMs);
    for (const { key, id, fields, atMs } of entries) {
      const stream = streams.get(key);
      if (stream === undefined) continue;
      stream.after = id;
      const event = eventOf(stream, fields);
      if (event === null) continue;
      yield { atMs, event };
      if (event.kind !== 'state' || event.state !== 'done') continue;
      streams.delete(runEventsKey(event.runId));
      streams.delete(runSamplesKey(event.runId));
    }
    if (replies.length === 0) await forgetDone(connection, streams);
  }
}

/** `done` may have been written since the last read. */
function isBehindDone([id, fields]: [string, string[]], { after }: Stream): boolean {
  const { state } = JSON.parse(fieldOf(fields, 'event')) as StoredEvent;
  return state === 'done' && earlier(id, after) <= 0;
}

/** A run that was done before the reader's place, or was deleted, sends nothing more. */
async function forgetDone(connection: Redis, streams: Map<string, Stream>): Promise<void> {
  const keys = [...streams].flatMap(([key, { isState }]) => (isState ? [key] : []));
  const pipeline = connection.pipeline();
  for (const key of keys) pipeline.xrevrange(key, '+', '-', 'COUNT', 1);
  const lasts = (await pipeline.exec()) ?? [];
  for (const [index, key] of keys.entries()) {
    const [error, entries] = lasts[index] ?? [];
    if (error) throw error;
    const [last] = (entries ?? []) as [string, string[]][];
    const stream = streams.get(key);
    if (stream === undefined || (last !== undefined && !isBehindDone(last, stream))) continue;
    streams.delete(key);
    streams.delete(runSamplesKey(stream.runId));
  }
}
