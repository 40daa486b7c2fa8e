import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import type { RedisWrites } from '../store/redis-writes.ts';
import { RequestProblem } from './problems.ts';

const READS = ['GET', 'HEAD', 'OPTIONS'];

export interface Store {
  readonly redis: Redis;
  readonly writes: Pick<RedisWrites, 'refusal' | 'note'>;
}

/**
 * Without Redis, commands would be queued; the caller gets an error at once instead. `isRead`: whether
 * a request stores nothing in Redis.
 */
export function refuseWithoutRedis(
  app: FastifyInstance,
  { redis, writes }: Store,
  isRead = (method: string) => READS.includes(method),
): void {
  app.addHook('onRequest', async ({ method }) => {
    if (redis.status !== 'ready') {
      throw new RequestProblem(503, `Redis cannot be reached (${redis.status}); try again`);
    }
    if (writes.refusal !== null && !isRead(method)) {
      throw new RequestProblem(503, writes.refusal);
    }
  });
  app.addHook('onError', async (_request, _reply, error) => {
    writes.note(error);
  });
}
