import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import { RequestProblem } from './problems.ts';

/** Without Redis, commands would be queued; the caller gets an error at once instead. */
export function refuseWithoutRedis(app: FastifyInstance, redis: Redis): void {
  app.addHook('onRequest', async () => {
    if (redis.status !== 'ready') {
      throw new RequestProblem(503, `Redis cannot be reached (${redis.status}); try again`);
    }
  });
}
