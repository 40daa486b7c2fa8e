import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Redis } from 'ioredis';
import { RequestProblem } from '../plugins/problems.ts';
import {
  FEED_START,
  type FeedPosition,
  positionText,
  readPosition,
  runFeed,
} from '../run/event-feed.ts';
import type { Cluster } from './cluster.ts';
import {
  EVENT_ROUTE,
  EVENT_SCHEMA,
  type EventStreams,
  foreignEventId,
  type Identified,
} from './event-stream.ts';
import { RunParams } from './params.ts';

async function* identified(
  connection: Redis,
  runId: string,
  from: FeedPosition,
): AsyncGenerator<Identified> {
  for await (const { position, event } of runFeed(connection, runId, from)) {
    yield { id: positionText(position), event };
  }
}

export const runEventRoutes: FastifyPluginAsyncTypebox<{
  cluster: Cluster;
  streams: EventStreams;
}> = async (app, { cluster, streams }) => {
  app.get(
    '/runs/:runId/events',
    {
      ...EVENT_ROUTE,
      schema: {
        ...EVENT_SCHEMA,
        operationId: 'followRun',
        summary:
          'server-sent events of a run: `state` and `sample`, from the start or after ' +
          'Last-Event-ID; ends after the state `done`',
        tags: ['runs'],
        params: RunParams,
      },
    },
    async (request, reply) => {
      const { runId } = request.params;
      if ((await cluster.runs.get(runId)) === null) {
        throw new RequestProblem(404, `no run "${runId}"`);
      }
      const { lastEventId } = reply.sse;
      const from = lastEventId === null ? FEED_START : readPosition(lastEventId);
      if (from === null) throw foreignEventId(lastEventId);
      await streams.send(request, reply, (connection) => identified(connection, runId, from));
    },
  );
};
