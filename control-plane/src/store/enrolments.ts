import { randomBytes, timingSafeEqual } from 'node:crypto';
import {
  AGENTS_KEY,
  type Enrolment,
  type EnrolmentRequest,
  JOIN_WITHIN_MS,
  type JoinToken,
  leaseKey,
  probeAnswersKey,
  probeRequestsKey,
  reportsKey,
  samplesKey,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { ENROLMENTS_KEY, GENERATIONS_KEY, joinKey } from './names.ts';
import { script } from './script.ts';
import { sha256 } from './tokens.ts';

/**
 * As stored: the password of its Redis user, and the secret of its telemetry, have 256 random bits, so
 * they need no slow hash. An identity from before there was such a secret has none.
 */
export type StoredEnrolment = Enrolment & { sha256: string; telemetrySha256?: string };

/** What a join token stands for, with the hash of its text. */
type StoredLink = EnrolmentRequest & { sha256: string };

/** A machine that has just joined, with its secrets, which are not stored. */
export interface Joined {
  enrolment: StoredEnrolment;
  password: string;
  telemetryToken: string;
}

const TOKEN = /^osj_([a-z][a-z0-9-]{0,62})_[A-Za-z0-9_-]{43}$/;
const TELEMETRY_TOKEN = /^ost_([a-z][a-z0-9-]{0,62})_[A-Za-z0-9_-]{43}$/;
/** Each has a Redis user; Redis looks through all of them for none of its commands. */
const MAX_ENROLMENTS = 10_000;

const join = script<
  Record<'link' | 'enrolments' | 'registered', string>,
  { link: string; agentId: string; enrolment: string },
  0 | 1
>(import.meta.url, 'join.lua');

export function readEnrolment(text: string | null | undefined): StoredEnrolment | null {
  return text == null ? null : (JSON.parse(text) as StoredEnrolment);
}

const secret = () => randomBytes(32).toString('base64url');

/** Whether a text has the hash. */
const isOf = (hash: string, text: string) =>
  timingSafeEqual(sha256(text), Buffer.from(hash, 'hex'));

/** The agents that have joined with identities of their own, and the tokens of those that may. */
export class Enrolments {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** By id. */
  async all(): Promise<StoredEnrolment[]> {
    const stored = await this.#redis.hvals(ENROLMENTS_KEY);
    return stored
      .flatMap((text) => readEnrolment(text) ?? [])
      .sort((a, b) => (a.agentId < b.agentId ? -1 : 1));
  }

  async get(agentId: string): Promise<StoredEnrolment | null> {
    return readEnrolment(await this.#redis.hget(ENROLMENTS_KEY, agentId));
  }

  /** Whether an agent has ever joined here. */
  async areKnown(): Promise<boolean> {
    return (await this.#redis.exists(GENERATIONS_KEY)) === 1;
  }

  /** A token with which a machine may join; an earlier one of the agent stops to work. */
  async createToken(request: EnrolmentRequest, nowMs: number): Promise<JoinToken | null> {
    if ((await this.#redis.hlen(ENROLMENTS_KEY)) >= MAX_ENROLMENTS) return null;
    const { agentId } = request;
    const token = `osj_${agentId}_${secret()}`;
    const link: StoredLink = { ...request, sha256: sha256(token).toString('hex') };
    await this.#redis.set(joinKey(agentId), JSON.stringify(link), 'PX', JOIN_WITHIN_MS);
    return { agentId, token, expiresAtMs: Math.floor(nowMs) + JOIN_WITHIN_MS };
  }

  /** null: the token is none, or it was used, or its time is over. */
  async join(token: string, nowMs: number): Promise<Joined | null> {
    const agentId = TOKEN.exec(token)?.[1];
    const text = agentId === undefined ? null : await this.#redis.get(joinKey(agentId));
    if (agentId === undefined || text === null) return null;
    const { sha256: expected, ...request } = JSON.parse(text) as StoredLink;
    if (!isOf(expected, token)) return null;
    const password = secret();
    const telemetryToken = `ost_${agentId}_${secret()}`;
    const enrolment: StoredEnrolment = {
      ...request,
      generation: await this.#redis.hincrby(GENERATIONS_KEY, agentId, 1),
      joinedAtMs: Math.floor(nowMs),
      sha256: sha256(password).toString('hex'),
      telemetrySha256: sha256(telemetryToken).toString('hex'),
    };
    const keys = {
      link: joinKey(agentId),
      enrolments: ENROLMENTS_KEY,
      registered: AGENTS_KEY,
    };
    const args = { link: text, agentId, enrolment: JSON.stringify(enrolment) };
    const hasJoined = (await join(this.#redis, keys, args)) === 1;
    return hasJoined ? { enrolment, password, telemetryToken } : null;
  }

  /** The agent whose identity sends telemetry with the token; null: no identity does. */
  async telemetrySender(token: string): Promise<string | null> {
    const agentId = TELEMETRY_TOKEN.exec(token)?.[1];
    if (agentId === undefined) return null;
    const expected = (await this.get(agentId))?.telemetrySha256;
    return expected !== undefined && isOf(expected, token) ? agentId : null;
  }

  /** Whether it was enrolled, or had a token. Its Redis user is not deleted here. */
  async revoke(agentId: string): Promise<boolean> {
    const [enrolled, tokens] = await Promise.all([
      this.#redis.hdel(ENROLMENTS_KEY, agentId),
      this.#redis.del(joinKey(agentId)),
    ]);
    return enrolled + tokens > 0;
  }

  /**
   * Once its user is deleted: takes the lease of an agent, so that its runs end as those of a lost
   * one, and what it has not yet told, or has put into these keys, of whatever type.
   */
  async silence(agentId: string): Promise<void> {
    const keys = [leaseKey, reportsKey, samplesKey, probeRequestsKey, probeAnswersKey];
    await this.#redis.unlink(...keys.map((key) => key(agentId)));
  }

  /** Puts agents that were forgotten, and are back, on the list of agents again. */
  async list(enrolments: readonly Pick<Enrolment, 'agentId'>[]): Promise<void> {
    const listed = new Set(await this.#redis.smembers(AGENTS_KEY));
    const missing = enrolments.map(({ agentId }) => agentId).filter((id) => !listed.has(id));
    if (missing.length === 0) return;
    const pipeline = this.#redis.pipeline();
    for (const agentId of missing) pipeline.exists(leaseKey(agentId));
    const replies = (await pipeline.exec()) ?? [];
    const live = missing.filter((_, index) => replies[index]?.[1] === 1);
    if (live.length > 0) await this.#redis.sadd(AGENTS_KEY, ...live);
  }
}
