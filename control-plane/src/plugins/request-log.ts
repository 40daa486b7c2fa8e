import type { FastifyInstance } from 'fastify';

const READS = ['GET', 'HEAD'];

/** Pure: a reader that is answered is no news: one `watch` asks 30,000 times in a night. */
export function isWorthALine(method: string, statusCode: number): boolean {
  return !READS.includes(method) || statusCode >= 400;
}

/** A line for each request that may have changed something, or was refused, or failed. */
export function useRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url } = request;
    const { statusCode, elapsedTime } = reply;
    if (isWorthALine(method, statusCode)) {
      request.log.info({ method, url, statusCode, tookMs: Math.round(elapsedTime) }, 'request');
    }
    done();
  });
}
