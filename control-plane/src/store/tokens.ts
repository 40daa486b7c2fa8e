import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { ApiToken, CreatedToken, TokenRequest } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { TOKENS_KEY } from './names.ts';

/** Each is checked on its use only, so their number costs nothing but a longer list. */
const MAX_TOKENS = 500;
const DAY_MS = 86_400_000;

const ID_LENGTH = 10;
const ID_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const TOKEN = /^osk_([a-z0-9]{10})_[A-Za-z0-9_-]{43}$/;

/** As stored: a secret of 256 random bits needs no slow hash. */
type StoredToken = ApiToken & { sha256: string };

const newId = () =>
  Array.from({ length: ID_LENGTH }, () => ID_CHARACTERS[randomInt(ID_CHARACTERS.length)]).join('');

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function withoutHash({ sha256: _, ...token }: StoredToken): ApiToken {
  return token;
}

/** Tokens of the API, of which only a hash is kept. */
export class Tokens {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** null: there are as many as are allowed. */
  async create(request: TokenRequest, nowMs: number): Promise<CreatedToken | null> {
    if ((await this.#redis.hlen(TOKENS_KEY)) >= MAX_TOKENS) return null;
    const { name, role, expiresInDays } = request;
    const id = newId();
    const text = `osk_${id}_${randomBytes(32).toString('base64url')}`;
    const createdAtMs = Math.floor(nowMs);
    const expiresAtMs = createdAtMs + expiresInDays * DAY_MS;
    const token: ApiToken = { id, name, role, createdAtMs, expiresAtMs };
    const stored: StoredToken = { ...token, sha256: sha256(text).toString('hex') };
    await this.#redis.hset(TOKENS_KEY, id, JSON.stringify(stored));
    return { ...token, token: text };
  }

  /** By name, the newest last; also those that have expired. */
  async list(): Promise<ApiToken[]> {
    const stored = await this.#redis.hvals(TOKENS_KEY);
    return stored
      .map((text) => withoutHash(JSON.parse(text) as StoredToken))
      .sort((a, b) => a.name.localeCompare(b.name) || a.createdAtMs - b.createdAtMs);
  }

  /** Whether there was one. */
  async revoke(id: string): Promise<boolean> {
    return (await this.#redis.hdel(TOKENS_KEY, id)) === 1;
  }

  /** The token of a request, whether or not it has expired; null: unknown. */
  async find(text: string): Promise<ApiToken | null> {
    const id = TOKEN.exec(text)?.[1];
    const found = id === undefined ? null : await this.#redis.hget(TOKENS_KEY, id);
    if (found === null) return null;
    const stored = JSON.parse(found) as StoredToken;
    const isIt = timingSafeEqual(sha256(text), Buffer.from(stored.sha256, 'hex'));
    return isIt ? withoutHash(stored) : null;
  }
}
