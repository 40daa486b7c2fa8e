import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Redis } from 'ioredis';
import { Type } from 'typebox';
import { RequestProblem } from '../plugins/problems.ts';
import { soakFeed } from '../run/soak-feed.ts';
import type { Cluster } from './cluster.ts';
import {
  EVENT_ROUTE,
  EVENT_SCHEMA,
  type EventStreams,
  foreignEventId,
  type Identified,
} from './event-stream.ts';
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
      ...EVENT_ROUTE,
      schema: {
        ...EVENT_SCHEMA,
        operationId: 'followSoak',
        summary:
          'server-sent events of all runs of a soak: `state` and `sample`; after Last-Event-ID, ' +
          'what came since, and that of the same millisecond again; ends when all are done',
        tags: ['soaks'],
        params: SoakParams,
        querystring: Query,
      },
    },
    async (request, reply) => {
      const { soakId } = request.params;
      const stored = await cluster.soaks.get(soakId);
      if (stored === null) throw new RequestProblem(404, `no soak "${soakId}"`);
      const { lastEventId } = reply.sse;
      if (lastEventId !== null && !MOMENT.test(lastEventId)) throw foreignEventId(lastEventId);
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
