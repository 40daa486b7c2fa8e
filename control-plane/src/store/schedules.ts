import type { ScheduleEntry, ScheduleInput } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import {
  entriesKey,
  nightsKey,
  pendingTicksKey,
  SCHEDULES_KEY,
  scheduleKey,
  ticksKey,
} from './names.ts';
import { script } from './script.ts';
import type { RequestKey } from './soaks.ts';

/** What was put. */
export interface ScheduleRecord extends ScheduleInput {
  name: string;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface StoredSchedule {
  schedule: ScheduleRecord;
  /** Another one at each put. */
  revision: string;
  /** Of the ticks up to here it is decided what becomes of them. */
  tickedUntilMs: number;
  lastSoakId: string | null;
}

/** What is stored of a tick; the verdict is the soak's. */
export interface StoredEntry extends Omit<ScheduleEntry, 'verdict'> {
  /** Under which its soak is submitted, once. */
  request: RequestKey;
}

type EntryRecord = Omit<StoredEntry, 'tickAtMs' | 'webhook'>;

/** Entries of a schedule's history that are kept. */
export const ENTRIES_KEPT = 1000;

type EntryKeys = Record<'schedule' | 'entries' | 'ticks' | 'pending', string>;

const putSchedule = script<
  Record<'schedule' | 'schedules', string>,
  {
    name: string;
    before: string | undefined;
    revision: string;
    record: string;
    tickedUntilMs: number | undefined;
  },
  0 | 1
>(import.meta.url, 'put-schedule.lua');

const deleteSchedule = script<
  Record<'schedule' | 'schedules', string> & { own: string[] },
  { name: string; revision: string },
  0 | 1
>(import.meta.url, 'delete-schedule.lua');

const addEntry = script<
  EntryKeys,
  {
    revision: string;
    tick: string;
    entry: string;
    submits: boolean;
    endsTicks: boolean;
    kept: number;
  },
  'added' | 'taken' | 'changed'
>(import.meta.url, 'add-entry.lua');

const settleEntry = script<
  EntryKeys,
  { tick: string; entry?: string; soakId?: string | undefined },
  0 | 1
>(import.meta.url, 'settle-entry.lua');

const noteDelivery = script<{ entries: string }, { tick: string; became: string }, 0 | 1>(
  import.meta.url,
  'note-delivery.lua',
);

/** The schedules, and what became of their ticks. A tick is known by its time, in milliseconds. */
export class Schedules {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async get(name: string): Promise<StoredSchedule | null> {
    const fields = await this.#redis.hgetall(scheduleKey(name));
    if (fields.record === undefined || fields.revision === undefined) return null;
    return {
      schedule: JSON.parse(fields.record) as ScheduleRecord,
      revision: fields.revision,
      tickedUntilMs: Number(fields.tickedUntilMs),
      lastSoakId: fields.lastSoakId ?? null,
    };
  }

  /** In their order. */
  async names(): Promise<string[]> {
    return await this.#redis.zrange(SCHEDULES_KEY, '0', '-1');
  }

  /**
   * False: it has another revision than `before` by now, or exists where that is null.
   * `tickedUntilMs` null leaves the ticks that are due as they are.
   */
  async put(
    before: StoredSchedule | null,
    schedule: ScheduleRecord,
    revision: string,
    tickedUntilMs: number | null,
  ): Promise<boolean> {
    const keys = { schedule: scheduleKey(schedule.name), schedules: SCHEDULES_KEY };
    const stored = await putSchedule(this.#redis, keys, {
      name: schedule.name,
      before: before?.revision,
      revision,
      record: JSON.stringify(schedule),
      tickedUntilMs: tickedUntilMs ?? undefined,
    });
    return stored === 1;
  }

  /** With its history. False: it has another revision by now. */
  async delete({ schedule: { name }, revision }: StoredSchedule): Promise<boolean> {
    const keys = {
      schedule: scheduleKey(name),
      schedules: SCHEDULES_KEY,
      own: [entriesKey, ticksKey, pendingTicksKey, nightsKey].map((key) => key(name)),
    };
    return (await deleteSchedule(this.#redis, keys, { name, revision })) === 1;
  }

  /** `endsTicks`: no tick up to this one is due any more. */
  async addEntry(
    { schedule: { name }, revision }: StoredSchedule,
    entry: StoredEntry,
    endsTicks: boolean,
  ): Promise<'added' | 'taken' | 'changed'> {
    return await addEntry(this.#redis, entryKeys(name), {
      revision,
      tick: String(entry.tickAtMs),
      entry: entryText(entry),
      submits: entry.outcome === 'pending',
      endsTicks,
      kept: ENTRIES_KEPT,
    });
  }

  /** Ticks whose soak is decided upon and not known to be submitted, oldest first. */
  async pending(name: string): Promise<StoredEntry[]> {
    const ticks = await this.#redis.smembers(pendingTicksKey(name));
    const entries = await this.#entries(
      name,
      ticks.map(Number).sort((a, b) => a - b),
    );
    return entries.filter(({ outcome }) => outcome === 'pending');
  }

  async settleEntry(name: string, entry: StoredEntry): Promise<void> {
    const { tickAtMs, soakId } = entry;
    const args = {
      tick: String(tickAtMs),
      entry: entryText(entry),
      soakId: soakId ?? undefined,
    };
    await settleEntry(this.#redis, entryKeys(name), args);
  }

  /** A pending entry of which nothing became. */
  async dropEntry(name: string, tickAtMs: number): Promise<void> {
    await settleEntry(this.#redis, entryKeys(name), { tick: String(tickAtMs) });
  }

  /** Newest first; `before` is the last tick of the page before. */
  async entries(name: string, beforeMs: number | null, limit: number): Promise<StoredEntry[]> {
    const newest = beforeMs === null ? '+inf' : `(${beforeMs}`;
    const ticks = await this.#redis.zrevrangebyscore(
      ticksKey(name),
      newest,
      '-inf',
      'LIMIT',
      0,
      limit,
    );
    return await this.#entries(name, ticks.map(Number));
  }

  async entry(name: string, tickAtMs: number): Promise<StoredEntry | null> {
    const [entry] = await this.#entries(name, [tickAtMs]);
    return entry ?? null;
  }

  /** False: the entry is gone. */
  async noteDelivery(name: string, tickAtMs: number, became: string): Promise<boolean> {
    const keys = { entries: entriesKey(name) };
    return (await noteDelivery(this.#redis, keys, { tick: String(tickAtMs), became })) === 1;
  }

  async #entries(name: string, ticks: readonly number[]): Promise<StoredEntry[]> {
    if (ticks.length === 0) return [];
    const fields = ticks.flatMap((tick) => [String(tick), `${tick}:webhook`]);
    const values = await this.#redis.hmget(entriesKey(name), ...fields);
    return ticks.flatMap((tickAtMs, index) => {
      const record = values[2 * index];
      if (record === null || record === undefined) return [];
      const webhook = values[2 * index + 1] ?? null;
      return [{ tickAtMs, ...(JSON.parse(record) as EntryRecord), webhook }];
    });
  }
}

function entryKeys(name: string): EntryKeys {
  return {
    schedule: scheduleKey(name),
    entries: entriesKey(name),
    ticks: ticksKey(name),
    pending: pendingTicksKey(name),
  };
}

function entryText({ tickAtMs: _, webhook: __, ...record }: StoredEntry): string {
  return JSON.stringify(record satisfies EntryRecord);
}
