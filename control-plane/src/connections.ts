import type { Redis } from 'ioredis';
import type { Log } from './model/log.ts';
import { connect } from './store/redis.ts';

/** The connections of one control plane to Redis. */
export interface Connections {
  redis: Redis;
  /** Used by BullMQ only. */
  connection: Redis;
  /** How long Redis has been reachable without a break. */
  readyForMs(): number;
  disconnect(): void;
}

export function openConnections(redisUrl: string, log: Log): Connections {
  const redis = connect(redisUrl);
  const connection = connect(redisUrl);
  let readySinceMs = performance.now();
  for (const each of [redis, connection]) {
    each.on('error', (error) => log.error({ err: error }, 'Redis connection error'));
  }
  redis.on('ready', () => {
    readySinceMs = performance.now();
  });
  return {
    redis,
    connection,
    readyForMs: () => performance.now() - readySinceMs,
    disconnect: () => {
      redis.disconnect();
      connection.disconnect();
    },
  };
}
