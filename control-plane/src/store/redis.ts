import { type RedisTransport, withOwnCjson } from '@oversoak/contracts';
import { Redis } from 'ioredis';
import { writeRefusal } from '../model/write-refusal.ts';
import { defaultUser, replayProblem } from './default-user.ts';
import { probeWritesTo } from './redis-writes.ts';

/** A connection that queues commands while Redis is unavailable instead of failing them. */
export function connect(url: string, transport: RedisTransport = {}): Redis {
  const options = { ...transport, maxRetriesPerRequest: null, enableReadyCheck: true };
  return withOwnCjson(new Redis(url, options));
}

/** Redis time, the only clock of the cluster. */
export async function redisTimeMs(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}

const OLDEST = [6, 2] as const;

/** Why oversoak cannot use this Redis; null: it can. The text names the setting. */
export function redisProblem(version: string, maxmemoryPolicy: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    return `Redis ${version} is too old: oversoak needs ${OLDEST.join('.')} or newer`;
  }
  if (maxmemoryPolicy !== 'noeviction') {
    return (
      `Redis may evict what oversoak stores: maxmemory-policy is "${maxmemoryPolicy}", ` +
      'set "maxmemory-policy noeviction"'
    );
  }
  return null;
}

export class UnfitRedisError extends Error {
  override readonly name = 'UnfitRedisError';
}

/** Throws UnfitRedisError if Redis has an append-only file and will not read all of it. */
async function requireReplay(redis: Redis): Promise<void> {
  const [, appendOnly] = (await redis.config('GET', 'appendonly')) as string[];
  const user = appendOnly === 'yes' ? await defaultUser(redis) : null;
  const problem = user === null ? null : replayProblem(user);
  if (problem !== null) throw new UnfitRedisError(problem);
}

/** Throws UnfitRedisError if oversoak cannot use this Redis. */
export async function requireFitRedis(redis: Redis): Promise<void> {
  try {
    const info = await redis.info('server');
    const version = /redis_version:(\S+)/.exec(info)?.[1] ?? 'of unknown version';
    const [, policy = 'unknown'] = (await redis.config('GET', 'maxmemory-policy')) as string[];
    const problem = redisProblem(version, policy);
    if (problem !== null) throw new UnfitRedisError(problem);
    await requireReplay(redis);
    await probeWritesTo(redis);
  } catch (error) {
    const refusal = writeRefusal(error);
    if (refusal === null) throw error;
    throw new UnfitRedisError(refusal, { cause: error });
  }
}
