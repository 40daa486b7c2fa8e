import type { RedisTransport } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import type { Log } from './model/log.ts';
import { connect } from './store/redis.ts';
import { RedisWrites } from './store/redis-writes.ts';

/** The connections of one control plane to Redis. */
export interface Connections {
  redis: Redis;
  /** Used by BullMQ only. */
  connection: Redis;
  writes: RedisWrites;
  /** The log in which refused writes are one line a minute. */
  log: Log;
  /** How long Redis has been reachable and writable without a break. */
  readyForMs(): number;
  disconnect(): void;
}

export function openConnections(
  redisUrl: string,
  log: Log,
  transport?: RedisTransport,
): Connections {
  const redis = connect(redisUrl, transport);
  const connection = connect(redisUrl, transport);
  let readySinceMs = performance.now();
  for (const each of [redis, connection]) {
    each.on('error', (error) => log.error({ err: error }, 'Redis connection error'));
  }
  redis.on('ready', () => {
    readySinceMs = performance.now();
  });
  const writes = new RedisWrites(redis, log);
  return {
    redis,
    connection,
    writes,
    log: writes.log,
    readyForMs: () => Math.min(performance.now() - readySinceMs, writes.acceptedForMs()),
    disconnect: () => {
      writes.close();
      redis.disconnect();
      connection.disconnect();
    },
  };
}
