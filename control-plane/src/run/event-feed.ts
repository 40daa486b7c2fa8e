import type { RunEvent } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { runEventsKey, runSamplesKey } from '../store/names.ts';
import type { StoredEvent } from '../store/runs.ts';
import { earlier, fieldOf } from '../store/stream-entry.ts';
import { readSample } from './sample.ts';

/** A reader's position in the two streams of a run. */
export interface FeedPosition {
  events: string;
  samples: string;
}

export const FEED_START: FeedPosition = { events: '0-0', samples: '0-0' };

const POSITION = /^(\d{1,15}-\d{1,15})_(\d{1,15}-\d{1,15})$/;

export function positionText({ events, samples }: FeedPosition): string {
  return `${events}_${samples}`;
}

/** null: not a text that `positionText` writes. */
export function readPosition(text: string): FeedPosition | null {
  const match = POSITION.exec(text);
  const [, events, samples] = match ?? [];
  return events === undefined || samples === undefined ? null : { events, samples };
}

export interface FeedItem {
  position: FeedPosition;
  event: RunEvent;
}

const BLOCK_MS = 1000;
const BATCH = 500;

/** Whether the feed has ended: the reader has read `done`, or the run was deleted. */
async function isOver(connection: Redis, runId: string, { events }: FeedPosition) {
  const [last] = await connection.xrevrange(runEventsKey(runId), '+', '-', 'COUNT', 1);
  if (last === undefined) return true;
  const [id, fields] = last;
  const { state } = JSON.parse(fieldOf(fields, 'event')) as StoredEvent;
  return state === 'done' && earlier(id, events) <= 0;
}

/**
 * State changes and samples of a run as they arrive, both after `from`. Ends after `done`, or when
 * `connection` is closed. Blocks on `connection`, so the feed needs one of its own.
 */
export async function* runFeed(
  connection: Redis,
  runId: string,
  from: FeedPosition,
): AsyncGenerator<FeedItem> {
  const keys = [runEventsKey(runId), runSamplesKey(runId)] as const;
  let position = from;
  for (;;) {
    const replies = await connection.xread(
      'COUNT',
      BATCH,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      ...keys,
      position.events,
      position.samples,
    );
    if (replies === null && (await isOver(connection, runId, position))) return;
    const entries = (replies ?? []).flatMap(([key, list]) =>
      list.map(([id, fields]) => ({ isState: key === keys[0], id, fields })),
    );
    entries.sort((a, b) => earlier(a.id, b.id));
    for (const { isState, id, fields } of entries) {
      position = isState ? { ...position, events: id } : { ...position, samples: id };
      if (!isState) {
        const sample = readSample(fieldOf(fields, 'sample'));
        if (sample !== null) yield { position, event: { kind: 'sample', sample } };
        continue;
      }
      const stored = JSON.parse(fieldOf(fields, 'event')) as StoredEvent;
      yield { position, event: { kind: 'state', runId, ...stored } };
      if (stored.state === 'done') return;
    }
  }
}
