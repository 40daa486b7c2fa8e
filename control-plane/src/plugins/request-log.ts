import type { FastifyInstance } from 'fastify';

const READS = ['GET', 'HEAD'];

/** Pure: successful reads are not logged: one `watch` sends 30,000 of them in a night. */
export function isWorthALine(method: string, statusCode: number): boolean {
  return !READS.includes(method) || statusCode >= 400;
}

/** Logs every request that may have changed something, was refused or failed. */
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
