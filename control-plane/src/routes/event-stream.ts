import type { RunEvent } from '@oversoak/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import { Type } from 'typebox';
import { overQuota, type Quotas } from '../model/quotas.ts';
import { ownerOf } from '../plugins/auth.ts';
import { ProblemDetails, quotaProblem, RequestProblem } from '../plugins/problems.ts';

/** Each has a connection to Redis of its own. */
const MAX_STREAMS = 256;

/** An event with the id that `Last-Event-ID` comes back with. */
export interface Identified {
  id: string;
  event: RunEvent;
}

/** The server-sent event streams that are open, of runs and of soaks. */
export class EventStreams {
  readonly #redis: Redis;
  readonly #quotas: Pick<Quotas, 'streams'>;
  /** How many each token has open. */
  readonly #open = new Map<string, number>();

  constructor(redis: Redis, quotas: Pick<Quotas, 'streams'>) {
    this.#redis = redis;
    this.#quotas = quotas;
  }

  /** Sends what the feed yields until it ends or the caller goes. */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    feed: (connection: Redis) => AsyncIterable<Identified>,
  ): Promise<void> {
    const owner = ownerOf(request.caller);
    this.#count(owner);
    const connection = this.#redis.duplicate();
    connection.on('error', (error) => request.log.warn({ err: error }, 'event stream: Redis'));
    // The caller's going away must end a read that blocks, and a write that waits for a drain.
    reply.sse.onClose(() => {
      connection.disconnect();
      reply.raw.emit('drain');
    });
    try {
      reply.sse.sendHeaders();
      for await (const { id, event } of feed(connection)) {
        if (!reply.sse.isConnected) break;
        await reply.sse.send({ id, event: event.kind, data: event });
      }
    } catch (error) {
      // Headers are out: the caller sees the stream end and comes back with Last-Event-ID.
      if (reply.sse.isConnected) request.log.warn({ err: error }, 'event stream ended early');
    } finally {
      const left = (this.#open.get(owner) ?? 1) - 1;
      if (left > 0) this.#open.set(owner, left);
      else this.#open.delete(owner);
      connection.disconnect();
    }
  }

  /** Throws RequestProblem where one more is too many. */
  #count(owner: string): void {
    const all = [...this.#open.values()].reduce((sum, count) => sum + count, 0);
    if (all >= MAX_STREAMS) {
      throw new RequestProblem(503, `${MAX_STREAMS} event streams are open; try again later`);
    }
    const own = this.#open.get(owner) ?? 0;
    const { streams } = this.#quotas;
    if (own >= streams) throw quotaProblem(overQuota('streams', own, 1, streams));
    this.#open.set(owner, own + 1);
  }
}

/** What the routes of all event streams declare; their schemas add the summary and the parameters. */
export const EVENT_ROUTE = { config: { access: 'reader' }, sse: 'manual' } as const;
export const EVENT_SCHEMA = {
  security: [{ token: [] }],
  produces: ['text/event-stream'],
  response: {
    200: Type.String({ description: 'text/event-stream' }),
    400: ProblemDetails,
    404: ProblemDetails,
    429: ProblemDetails,
    503: ProblemDetails,
  },
};

export function foreignEventId(lastEventId: string | null): RequestProblem {
  return new RequestProblem(400, `Last-Event-ID "${lastEventId}" is not one of this stream`);
}
