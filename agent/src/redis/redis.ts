import { Redis, type RedisOptions } from 'ioredis';
import { log, messageOf } from '../log/log.ts';

const shared = {
  retryStrategy: (times: number) => Math.min(50 * 2 ** times, 2_000),
  connectTimeout: 5_000,
} satisfies RedisOptions;

/**
 * For commands that must answer now or fail: nothing is queued in memory while Redis is away,
 * since what has to be kept is kept by `reports.ts` and `samples.ts`, with their bounds. A Redis
 * that says nothing for `silenceMs` is gone without a word (cable, frozen machine), and so is the
 * connection: it is opened anew.
 */
export function commandClient(url: string, silenceMs: number): Redis {
  return watched(
    new Redis(url, {
      ...shared,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      socketTimeout: silenceMs,
    }),
  );
}

/** Beyond the wait for a job (`job-worker.ts`), in which a connection rightly says nothing. */
const WORKER_SILENCE_MS = 3_000;

/** For a BullMQ worker, which waits for Redis to come back by itself. */
export function workerClient(url: string): Redis {
  const socketTimeout = WORKER_SILENCE_MS;
  return watched(new Redis(url, { ...shared, maxRetriesPerRequest: null, socketTimeout }));
}

export async function untilReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    redis.once('ready', resolve);
    redis.once('end', () => reject(new Error('the connection to Redis was closed')));
  });
}

/** Logs when Redis goes and when it comes back, not every attempt in between. */
function watched(redis: Redis): Redis {
  let away = false;
  redis.on('error', (error) => {
    if (!away) log('warn', 'Redis cannot be reached; trying on', { reason: messageOf(error) });
    away = true;
  });
  redis.on('ready', () => {
    if (away) log('info', 'Redis is reachable again');
    away = false;
  });
  return redis;
}
