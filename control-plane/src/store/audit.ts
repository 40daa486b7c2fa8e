import {
  AUDIT_DAYS,
  type AuditEntry,
  beginningOf,
  printable,
  withoutSecrets,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { addressGroup } from '../model/address-group.ts';
import type { Log } from '../model/log.ts';
import { AUDIT_KEY, AUDIT_REFUSALS_KEY } from './names.ts';
import { fieldOf } from './stream-entry.ts';

const DAY_MS = 86_400_000;
/**
 * Changes need the right to them, refusals do not: in a stream of their own they are no flood that makes
 * Redis forget the changes. The entries of both are about 150 MB.
 */
const CHANGES = { key: AUDIT_KEY, most: 400_000 };
const REFUSALS = { key: AUDIT_REFUSALS_KEY, most: 100_000 };
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

type AuditStream = typeof CHANGES;
type Found = [id: string, entry: AuditEntry];

/** By milliseconds, then by number. */
function idsOf(id: string): [number, number] {
  const [ms, number] = id.split('-').map(Number);
  return [ms ?? 0, number ?? 0];
}

function newestFirst([one]: Found, [other]: Found): number {
  const [[ms, number], [otherMs, otherNumber]] = [idsOf(one), idsOf(other)];
  return otherMs - ms || otherNumber - number;
}

/**
 * Pure: the first of `found`, of which a page has `limit`. Two streams can have the same id: both are
 * on the page then, as the next one begins behind it.
 */
export function pageOf(found: readonly Found[], limit: number): Found[] {
  const last = found[limit - 1]?.[0];
  return found.filter(([id], at) => at < limit || id === last);
}

/** Who did what, from where, and with what outcome: streams that only grow and are trimmed. */
export class Audit {
  readonly #redis: Redis;
  readonly #log: Log;
  readonly #refusals = new RateLimiterMemory({ points: REFUSALS_NOTED, duration: 60 });

  constructor(redis: Redis, log: Log) {
    this.#redis = redis;
    this.#log = log;
  }

  /** Never rejects, because it only reports what has happened. */
  async note(event: AuditEvent): Promise<void> {
    await this.#append(CHANGES, event);
  }

  async #append(
    { key, most }: AuditStream,
    { who, from, action, subject, outcome }: AuditEvent,
  ): Promise<void> {
    const event = {
      ...{ who: short(who), from: short(from), action: short(action) },
      ...{ subject: short(subject), outcome: short(outcome) },
    };
    try {
      const id = await this.#redis.xadd(key, '*', 'event', JSON.stringify(event));
      const oldestMs = Number(id?.split('-')[0]) - AUDIT_DAYS * DAY_MS;
      await this.#redis
        .pipeline()
        .xtrim(key, 'MINID', '~', Math.max(0, oldestMs))
        .xtrim(key, 'MAXLEN', '~', most)
        .exec();
    } catch (error) {
      this.#log.error({ ...event, err: error }, 'could not write to the audit');
    }
  }

  /** As `note`, for what a sender can cause as often as it likes without changing anything. */
  async noteRefused(event: AuditEvent): Promise<void> {
    const sender = event.from === null ? (event.who ?? '') : addressGroup(event.from);
    const isNoted = await this.#refusals.consume(sender).then(
      () => true,
      () => false,
    );
    if (isNoted) await this.#append(REFUSALS, event);
  }

  /** Newest first; `cursor` is `next` of the page before. */
  async list(cursor: string | null, limit: number): Promise<AuditPage> {
    const from = cursor === null ? '+' : `(${cursor}`;
    const streams = await Promise.all(
      [REFUSALS, CHANGES].map(({ key }) => this.#newest(key, from, limit + 1)),
    );
    const found = streams.flat().sort(newestFirst);
    const page = pageOf(found, limit);
    const next = page.length < found.length ? (page.at(-1)?.[0] ?? null) : null;
    return { entries: page.map(([, entry]) => entry), next };
  }

  async #newest(key: string, from: string, count: number): Promise<Found[]> {
    const found = await this.#redis.xrevrange(key, from, '-', 'COUNT', count);
    return found.map(([id, fields]) => {
      const event = JSON.parse(fieldOf(fields, 'event')) as AuditEvent;
      return [id, { atMs: idsOf(id)[0], ...event }];
    });
  }
}
