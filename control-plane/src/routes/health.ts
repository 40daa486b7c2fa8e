import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { PROBLEM_RESPONSE } from '../plugins/problems.ts';
import type { Cluster } from './cluster.ts';

const PING_MS = 1000;

const tooLate = () => delay(PING_MS, null, { ref: false });

const Readiness = Type.Object({
  status: Type.Enum(['ready', 'not ready']),
  redis: Type.Boolean({ description: 'it can be reached' }),
  refusal: Type.Union([Type.String(), Type.Null()], {
    description: 'why Redis refuses writes; null: it accepts them',
  }),
  reportsRefused: Type.Record(Type.String(), Type.Integer(), {
    description: 'number of refused agent reports by reason, since Redis was set up',
  }),
});

/** Needs no token. */
const open = { security: [], tags: ['health'] };

export const healthRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealth',
        summary: 'the process serves requests',
        ...open,
        response: { 200: Type.Object({ status: Type.Literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        summary: 'Redis can be reached and accepts writes',
        ...open,
        response: {
          200: Readiness,
          503: {
            description: 'not ready, or overloaded',
            content: {
              'application/json': { schema: Readiness },
              ...PROBLEM_RESPONSE.content,
            },
          },
        },
      },
    },
    async (_request, reply) => {
      const reachable = cluster.redis.status === 'ready';
      const refused = reachable
        ? await Promise.race([cluster.runs.refusedReports(), tooLate()])
        : null;
      const { refusal } = cluster.writes;
      const ready = refused !== null && refusal === null;
      if (!ready) reply.code(503);
      return {
        status: ready ? ('ready' as const) : ('not ready' as const),
        ...{ redis: refused !== null, refusal, reportsRefused: refused ?? {} },
      };
    },
  );
};
