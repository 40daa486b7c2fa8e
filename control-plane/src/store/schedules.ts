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
import type { SealedSecrets } from './sealed-secrets.ts';
import type { RequestKey } from './soaks.ts';

/** A schedule as the user stored it; the secret of its webhook is sealed. */
export interface ScheduleRecord extends ScheduleInput {
  name: string;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface StoredSchedule {
  schedule: ScheduleRecord;
  /** Changes with each put. */
  revision: string;
  /** All ticks up to this time are decided. */
  tickedUntilMs: number;
  lastSoakId: string | null;
}

/** The stored entry of a tick. Its verdict is read from the soak. */
export interface StoredEntry extends Omit<ScheduleEntry, 'verdict'> {
  /** Request key of its submission, which makes it idempotent. */
  request: RequestKey;
}

type EntryRecord = Omit<StoredEntry, 'tickAtMs' | 'webhook'>;

/** The most history entries kept for a schedule. */
export const ENTRIES_KEPT = 1000;

/** All of them are read several times a minute, and their ticks are looked up. */
export const MAX_SCHEDULES = 500;

/** `conflict`: another revision is stored than was read. `full`: it would be one too many. */
export type Put = 'stored' | 'conflict' | 'full';

type EntryKeys = Record<'schedule' | 'entries' | 'ticks' | 'pending', string>;

const putSchedule = script<
  Record<'schedule' | 'schedules', string>,
  {
    name: string;
    before: string | undefined;
    revision: string;
    record: string;
    tickedUntilMs: number | undefined;
    most: number;
  },
  Put
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

/** Schedules and the history of their ticks. A tick is identified by its time in milliseconds. */
export class Schedules {
  readonly #redis: Redis;

  readonly #secrets: Pick<SealedSecrets, 'seal'>;

  constructor(redis: Redis, secrets: Pick<SealedSecrets, 'seal'>) {
    this.#redis = redis;
    this.#secrets = secrets;
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

  /** Sorted. */
  async names(): Promise<string[]> {
    return await this.#redis.zrange(SCHEDULES_KEY, '0', '-1');
  }

  /**
   * `before` null: the schedule must not exist. `tickedUntilMs` null: due ticks stay due.
   */
  async put(
    before: StoredSchedule | null,
    schedule: ScheduleRecord,
    revision: string,
    tickedUntilMs: number | null,
  ): Promise<Put> {
    const keys = { schedule: scheduleKey(schedule.name), schedules: SCHEDULES_KEY };
    return await putSchedule(this.#redis, keys, {
      name: schedule.name,
      before: before?.revision,
      revision,
      record: JSON.stringify(this.#sealed(schedule)),
      tickedUntilMs: tickedUntilMs ?? undefined,
      most: MAX_SCHEDULES,
    });
  }

  #sealed(schedule: ScheduleRecord): ScheduleRecord {
    const { name, webhook } = schedule;
    if (webhook === undefined) return schedule;
    const secret = this.#secrets.seal(webhook.secret, name);
    return { ...schedule, webhook: { ...webhook, secret } };
  }

  /** Also deletes its history. False: the stored revision differs. */
  async delete({ schedule: { name }, revision }: StoredSchedule): Promise<boolean> {
    const keys = {
      schedule: scheduleKey(name),
      schedules: SCHEDULES_KEY,
      own: [entriesKey, ticksKey, pendingTicksKey, nightsKey].map((key) => key(name)),
    };
    return (await deleteSchedule(this.#redis, keys, { name, revision })) === 1;
  }

  /** `endsTicks`: ticks up to this one are no longer due. */
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

  /** Ticks whose soak is decided but not known to be submitted, oldest first. */
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

  /** Deletes a pending entry. */
  async dropEntry(name: string, tickAtMs: number): Promise<void> {
    await settleEntry(this.#redis, entryKeys(name), { tick: String(tickAtMs) });
  }

  /** Newest first; `beforeMs` is the last tick of the previous page. */
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

  /** False: the entry does not exist. */
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
