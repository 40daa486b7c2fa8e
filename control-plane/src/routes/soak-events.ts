import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Redis } from 'ioredis';
import { Type } from 'typebox';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import { soakFeed } from '../run/soak-feed.ts';
import type { Cluster } from './cluster.ts';
import type { EventStreams, Identified } from './event-stream.ts';
import { SoakParams } from './params.ts';

const Query = Type.Object(
  {
    samplesOfSeconds: Type.Integer({
      default: 900,
      minimum: 0,
      maximum: 86_400,
      description: 'how far back samples go at the first connect; states come from the start',
    }),
  },
  { additionalProperties: false },
);

const MOMENT = /^\d{1,15}$/;

async function* identified(
  connection: Redis,
  runIds: readonly string[],
  from: Parameters<typeof soakFeed>[2],
): AsyncGenerator<Identified> {
  for await (const { atMs, event } of soakFeed(connection, runIds, from)) {
    yield { id: String(atMs), event };
  }
}

export const soakEventRoutes: FastifyPluginAsyncTypebox<{
  cluster: Cluster;
  streams: EventStreams;
}> = async (app, { cluster, streams }) => {
  app.get(
    '/soaks/:soakId/events',
    {
      config: { access: 'reader' },
      sse: 'manual',
      schema: {
        operationId: 'followSoak',
        summary:
          'server-sent events of all runs of a soak: `state` and `sample`; after Last-Event-ID, ' +
          'what came since, and that of the same millisecond again; ends when all are done',
        security: [{ token: [] }],
        tags: ['soaks'],
        produces: ['text/event-stream'],
        params: SoakParams,
        querystring: Query,
        response: {
          200: Type.String({ description: 'text/event-stream' }),
          400: ProblemDetails,
          404: ProblemDetails,
          429: ProblemDetails,
          503: ProblemDetails,
        },
      },
    },
    async (request, reply) => {
      const { soakId } = request.params;
      const stored = await cluster.soaks.get(soakId);
      if (stored === null) throw new RequestProblem(404, `no soak "${soakId}"`);
      const { lastEventId } = reply.sse;
      if (lastEventId !== null && !MOMENT.test(lastEventId)) {
        throw new RequestProblem(400, `Last-Event-ID "${lastEventId}" is not one of this stream`);
      }
      const samplesMs = (await cluster.nowMs()) - request.query.samplesOfSeconds * 1000;
      const since = Number(lastEventId);
      const from =
        lastEventId === null
          ? { statesMs: 0, samplesMs: Math.max(0, Math.floor(samplesMs)) }
          : { statesMs: since, samplesMs: since };
      const { runIds } = stored.soak;
      await streams.send(request, reply, (connection) => identified(connection, runIds, from));
    },
  );
};
