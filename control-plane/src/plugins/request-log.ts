import { BOUNDS, beginningOf, withoutSecrets } from '@oversoak/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Sent every few seconds by every agent: only refusals have a line in the log, and none a trace. */
    frequent?: true;
  }
}

const READS = ['GET', 'HEAD'];

/** Pure: successful reads are not logged: one `watch` sends 30,000 of them in a night. */
export function isWorthALine(method: string, statusCode: number, isFrequent = false): boolean {
  if (isFrequent) return statusCode >= 400 && statusCode < 500;
  return !READS.includes(method) || statusCode >= 400;
}

export const isFrequent = ({ routeOptions }: FastifyRequest) =>
  routeOptions.config?.frequent === true;

/** Logs every request that may have changed something, was refused or failed. */
export function useRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    // Cut last: half of a secret has no form by which it is known.
    const url = beginningOf(withoutSecrets(request.url), BOUNDS.request.loggedUrl);
    const { statusCode, elapsedTime } = reply;
    if (isWorthALine(method, statusCode, isFrequent(request))) {
      request.log.info({ method, url, statusCode, tookMs: Math.round(elapsedTime) }, 'request');
    }
    done();
  });
}
