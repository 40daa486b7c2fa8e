import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import {
  FEED_START,
  type FeedItem,
  positionText,
  readPosition,
  runFeed,
} from '../run/event-feed.ts';
import type { Cluster } from './cluster.ts';

const Id = Type.Object({ runId: Type.String({ maxLength: 100 }) });

/** Each stream has its own Redis connection. */
const MAX_STREAMS = 256;

const message = ({ position, event }: FeedItem) => ({
  id: positionText(position),
  event: event.kind,
  data: event,
});

export const runEventRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  let streams = 0;

  app.get(
    '/runs/:runId/events',
    {
      config: { access: 'reader' },
      sse: 'manual',
      schema: {
        summary:
          'server-sent events of a run: `state` and `sample`, from the start or after ' +
          'Last-Event-ID; ends after the state `done`',
        security: [{ token: [] }],
        tags: ['runs'],
        produces: ['text/event-stream'],
        params: Id,
        response: {
          200: Type.String({ description: 'text/event-stream' }),
          400: ProblemDetails,
          404: ProblemDetails,
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
      if (streams >= MAX_STREAMS) {
        throw new RequestProblem(503, `${MAX_STREAMS} event streams are open; try again later`);
      }
      streams++;
      const connection = cluster.redis.duplicate();
      connection.on('error', (error) => request.log.warn({ err: error }, 'event stream: Redis'));
      // If the caller disconnects, this ends a blocking read and a write that waits for `drain`.
      reply.sse.onClose(() => {
        connection.disconnect();
        reply.raw.emit('drain');
      });
      try {
        reply.sse.sendHeaders();
        for await (const item of runFeed(connection, runId, from)) {
          if (!reply.sse.isConnected) break;
          await reply.sse.send(message(item));
        }
      } catch (error) {
        // The headers are sent: the caller sees the stream end and reconnects with Last-Event-ID.
        if (reply.sse.isConnected) request.log.warn({ err: error }, 'event stream ended early');
      } finally {
        streams--;
        connection.disconnect();
      }
    },
  );
};
