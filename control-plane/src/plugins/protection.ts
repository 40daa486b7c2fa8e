import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { RequestProblem } from './problems.ts';

export interface ProtectionOptions {
  rateLimitPerMinute: number;
}

/** With a longer delay, responses arrive too late to be useful. */
const MAX_EVENT_LOOP_DELAY_MS = 5000;

export async function useProtection(
  app: FastifyInstance,
  { rateLimitPerMinute }: ProtectionOptions,
): Promise<void> {
  // The API is served over http, also under names that are not loopback; a browser that upgraded the
  // requests of a page would load none of its scripts.
  await app.register(helmet, {
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    strictTransportSecurity: false,
  });
  await app.register(rateLimit, {
    max: rateLimitPerMinute,
    timeWindow: '1 minute',
    errorResponseBuilder: (_request, { after, max }) =>
      new RequestProblem(429, `more than ${max} requests in a minute; try again in ${after}`),
  });
  await app.register(underPressure, {
    maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
    retryAfter: 5,
    pressureHandler: () => {
      throw new RequestProblem(503, 'the control plane is overloaded; try again');
    },
  });
}
