import { type RedisTransport, withOwnCjson } from '@oversoak/contracts';
import { Redis, type RedisOptions } from 'ioredis';
import { log, messageOf } from '../log/log.ts';

const shared = {
  retryStrategy: (times: number) => Math.min(50 * 2 ** times, 2_000),
  connectTimeout: 5_000,
  // Redis 7.0 does not know the command, and an agent's user has no right to what it need not do.
  disableClientInfo: true,
} satisfies RedisOptions;

/** Where Redis is, and how it is reached. */
export interface RedisAccess {
  redisUrl: string;
  redisTransport?: RedisTransport;
}

/**
 * A client for commands that must succeed or fail immediately. It queues nothing while Redis is
 * unreachable: `reports.ts` and `samples.ts` keep what must be kept, each within its bound. If
 * Redis is silent for `silenceMs` (cable pulled, machine frozen), the connection is considered dead
 * and is opened again.
 */
export function commandClient({ redisUrl, redisTransport }: RedisAccess, silenceMs: number): Redis {
  return watched(
    new Redis(redisUrl, {
      ...redisTransport,
      ...shared,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      socketTimeout: silenceMs,
    }),
  );
}

/**
 * Allowed silence beyond the blocking wait for a job (`job-worker.ts`), during which a connection
 * is legitimately silent.
 */
const WORKER_SILENCE_MS = 3_000;

/** A client for a BullMQ worker, which waits for Redis by itself. */
export function workerClient({ redisUrl, redisTransport }: RedisAccess): Redis {
  const redis = new Redis(redisUrl, {
    ...redisTransport,
    ...shared,
    maxRetriesPerRequest: null,
    socketTimeout: WORKER_SILENCE_MS,
  });
  return watched(withOwnCjson(redis));
}

export async function untilReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    redis.once('ready', resolve);
    redis.once('end', () => reject(new Error('the connection to Redis was closed')));
  });
}

/** Logs when Redis becomes unreachable and when it is back, not every attempt in between. */
function watched(redis: Redis): Redis {
  let away = false;
  redis.on('error', (error) => {
    if (!away) log('warn', 'Redis is unreachable; retrying', { reason: messageOf(error) });
    away = true;
  });
  redis.on('ready', () => {
    if (away) log('info', 'Redis is reachable again');
    away = false;
  });
  return redis;
}
