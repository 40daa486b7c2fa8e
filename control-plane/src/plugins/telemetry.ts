import { readTrace } from '@oversoak/contracts';
import type { Attributes, OpenSpan, Telemetry } from '@oversoak/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** W3C traceparent, for what comes of the request; undefined where telemetry is off. */
    trace: string | undefined;
  }
}

/** Those of the semantic conventions; the names of others would be series without bound. */
const METHODS = new Set('CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE'.split(' '));

/** Asked every few seconds by whoever looks after the process: no traces worth keeping. */
const UNTRACED = new Set(['/healthz', '/readyz']);

interface Begun {
  startMs: number;
  span: OpenSpan | null;
}

const methodOf = ({ method }: FastifyRequest) => (METHODS.has(method) ? method : '_OTHER');

/** The pattern of the route, never the path; undefined where there is none. */
const routeOf = ({ routeOptions }: FastifyRequest) => routeOptions.url;

/** It lasts as long as its run does, which is nobody's waiting time. */
const isEventStream = ({ raw }: FastifyReply) =>
  String(raw.getHeader('content-type')).startsWith('text/event-stream');

function attributesOf(request: FastifyRequest, reply: FastifyReply): Attributes {
  const route = routeOf(request);
  return {
    'http.request.method': methodOf(request),
    ...(route === undefined ? {} : { 'http.route': route }),
    'http.response.status_code': reply.statusCode,
  };
}

/**
 * A span and a duration of every request but event streams; a caller's `traceparent` is gone on
 * from. Register it before whatever may refuse a request.
 */
export function useTelemetry(app: FastifyInstance, telemetry: Telemetry): void {
  app.decorateRequest('trace', undefined);
  if (!telemetry.on) return;
  const open = new WeakMap<FastifyRequest, Begun>();

  app.addHook('onRequest', (request, _reply, done) => {
    const startMs = Date.now();
    const route = routeOf(request);
    const span = UNTRACED.has(route ?? '')
      ? null
      : telemetry.begin('http.request', {
          startMs,
          parent: readTrace(request.headers.traceparent),
          title: [methodOf(request), route].filter((part) => part !== undefined).join(' '),
        });
    request.trace = readTrace(span?.trace);
    open.set(request, { startMs, span });
    done();
  });

  app.addHook('onResponse', (request, reply, done) => {
    const begun = open.get(request);
    if (begun !== undefined && !isEventStream(reply)) {
      const { startMs, span } = begun;
      const attributes = attributesOf(request, reply);
      const { elapsedTime, statusCode } = reply;
      telemetry.record('http.server.request.duration', elapsedTime / 1000, attributes);
      const endMs = startMs + elapsedTime;
      if (statusCode < 500) {
        span?.end({ endMs, attributes });
      } else {
        const error = { ...attributes, 'error.type': String(statusCode) };
        span?.end({ endMs, attributes: error, failed: `answered ${statusCode}` });
      }
    }
    done();
  });
}
