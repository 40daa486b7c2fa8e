import { randomBytes, timingSafeEqual } from 'node:crypto';
import {
  AGENTS_KEY,
  type Enrolment,
  type EnrolmentRequest,
  JOIN_WITHIN_MS,
  type JoinToken,
  leaseKey,
  reportsKey,
  samplesKey,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { ENROLMENTS_KEY, GENERATIONS_KEY, joinKey } from './names.ts';
import { script } from './script.ts';
import { sha256 } from './tokens.ts';

/** As stored: the password of its Redis user has 256 random bits, so it needs no slow hash. */
export type StoredEnrolment = Enrolment & { sha256: string };

/** What a join token stands for, with the hash of its text. */
type StoredLink = EnrolmentRequest & { sha256: string };

/** A machine that has just joined, with its password, which is not stored. */
export interface Joined {
  enrolment: StoredEnrolment;
  password: string;
}

const TOKEN = /^osj_([a-z][a-z0-9-]{0,62})_[A-Za-z0-9_-]{43}$/;
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
    if (!timingSafeEqual(sha256(token), Buffer.from(expected, 'hex'))) return null;
    const password = secret();
    const enrolment: StoredEnrolment = {
      ...request,
      generation: await this.#redis.hincrby(GENERATIONS_KEY, agentId, 1),
      joinedAtMs: Math.floor(nowMs),
      sha256: sha256(password).toString('hex'),
    };
    const keys = {
      link: joinKey(agentId),
      enrolments: ENROLMENTS_KEY,
      registered: AGENTS_KEY,
    };
    const args = { link: text, agentId, enrolment: JSON.stringify(enrolment) };
    return (await join(this.#redis, keys, args)) === 1 ? { enrolment, password } : null;
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
   * one, and what it has not yet told.
   */
  async silence(agentId: string): Promise<void> {
    await this.#redis.del(leaseKey(agentId), reportsKey(agentId), samplesKey(agentId));
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
