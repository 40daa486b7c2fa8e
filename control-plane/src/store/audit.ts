import {
  AUDIT_DAYS,
  type AuditEntry,
  beginningOf,
  printable,
  withoutSecrets,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Log } from '../model/log.ts';
import { AUDIT_KEY } from './names.ts';
import { fieldOf } from './stream-entry.ts';

const DAY_MS = 86_400_000;
/** About 150 MB; a flood of refusals must not fill Redis. */
const MAX_ENTRIES = 500_000;
const MAX_TEXT = 200;
/** Refusals of one sender in a minute that are noted; more are the same again. */
const REFUSALS_NOTED = 30;

export type AuditEvent = Omit<AuditEntry, 'atMs'>;

export interface AuditPage {
  entries: AuditEntry[];
  /** null: these are the oldest. */
  next: string | null;
}

/** Texts come from paths and agents. */
const short = (text: string | null) =>
  text === null ? null : beginningOf(printable(withoutSecrets(text)), MAX_TEXT).toWellFormed();

/** Who did what, from where, and with what outcome: a stream that only grows and is trimmed. */
export class Audit {
  readonly #redis: Redis;
  readonly #log: Log;
  readonly #refusals = new RateLimiterMemory({ points: REFUSALS_NOTED, duration: 60 });

  constructor(redis: Redis, log: Log) {
    this.#redis = redis;
    this.#log = log;
  }

  /** Never rejects, because it only reports what has happened. */
  async note({ who, from, action, subject, outcome }: AuditEvent): Promise<void> {
    const event = {
      ...{ who: short(who), from: short(from), action: short(action) },
      ...{ subject: short(subject), outcome: short(outcome) },
    };
    try {
      const id = await this.#redis.xadd(AUDIT_KEY, '*', 'event', JSON.stringify(event));
      const oldestMs = Number(id?.split('-')[0]) - AUDIT_DAYS * DAY_MS;
      await this.#redis
        .pipeline()
        .xtrim(AUDIT_KEY, 'MINID', '~', Math.max(0, oldestMs))
        .xtrim(AUDIT_KEY, 'MAXLEN', '~', MAX_ENTRIES)
        .exec();
    } catch (error) {
      this.#log.error({ ...event, err: error }, 'could not write to the audit');
    }
  }

  /** As `note`, for what a sender without any right can cause as often as it likes. */
  async noteRefused(event: AuditEvent): Promise<void> {
    const isNoted = await this.#refusals.consume(event.from ?? event.who ?? '').then(
      () => true,
      () => false,
    );
    if (isNoted) await this.note(event);
  }

  /** Newest first; `cursor` is `next` of the page before. */
  async list(cursor: string | null, limit: number): Promise<AuditPage> {
    const from = cursor === null ? '+' : `(${cursor}`;
    const found = await this.#redis.xrevrange(AUDIT_KEY, from, '-', 'COUNT', limit);
    const entries = found.map(([id, fields]): AuditEntry => {
      const event = JSON.parse(fieldOf(fields, 'event')) as AuditEvent;
      return { atMs: Number(id.split('-')[0]), ...event };
    });
    return { entries, next: found.length < limit ? null : (found.at(-1)?.[0] ?? null) };
  }
}
