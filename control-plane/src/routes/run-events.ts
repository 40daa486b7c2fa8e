import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Redis } from 'ioredis';
import { Type } from 'typebox';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import {
  FEED_START,
  type FeedPosition,
  positionText,
  readPosition,
  runFeed,
} from '../run/event-feed.ts';
import type { Cluster } from './cluster.ts';
import type { EventStreams, Identified } from './event-stream.ts';
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
      config: { access: 'reader' },
      sse: 'manual',
      schema: {
        operationId: 'followRun',
        summary:
          'server-sent events of a run: `state` and `sample`, from the start or after ' +
          'Last-Event-ID; ends after the state `done`',
        security: [{ token: [] }],
        tags: ['runs'],
        produces: ['text/event-stream'],
        params: RunParams,
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
      const { runId } = request.params;
      if ((await cluster.runs.get(runId)) === null) {
        throw new RequestProblem(404, `no run "${runId}"`);
      }
      const { lastEventId } = reply.sse;
      const from = lastEventId === null ? FEED_START : readPosition(lastEventId);
      if (from === null) {
        throw new RequestProblem(400, `Last-Event-ID "${lastEventId}" is not one of this stream`);
      }
      await streams.send(request, reply, (connection) => identified(connection, runId, from));
    },
  );
};
