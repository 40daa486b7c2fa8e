import { readTrace } from '@oversoak/contracts';
import type { Attributes, OpenSpan, Telemetry } from '@oversoak/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isFrequent } from './request-log.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** W3C traceparent for the request's effects; undefined: telemetry is off. */
    trace: string | undefined;
  }
}

/** The methods of the semantic conventions; other names would be unbounded series. */
const METHODS = new Set('CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE'.split(' '));

/** Health checks every few seconds are not worth a trace. */
const UNTRACED = new Set(['/healthz', '/readyz']);

interface Begun {
  startMs: number;
  span: OpenSpan | null;
}

const methodOf = ({ method }: FastifyRequest) => (METHODS.has(method) ? method : '_OTHER');

/** The route's pattern, never the path; undefined: no route matches. */
const routeOf = ({ routeOptions }: FastifyRequest) => routeOptions.url;

/** An event stream lasts as long as its run, so its duration is no latency. */
export const isEventStream = ({ raw }: FastifyReply) =>
  String(raw.getHeader('content-type')).startsWith('text/event-stream');

export function requestAttributes(request: FastifyRequest, reply: FastifyReply): Attributes {
  const route = routeOf(request);
  return {
    'http.request.method': methodOf(request),
    ...(route === undefined ? {} : { 'http.route': route }),
    'http.response.status_code': reply.statusCode,
  };
}

/**
 * Records a span and a duration for every request except event streams. Continues a caller's trace
 * (`traceparent`). Must be registered before any plugin that may refuse a request.
 */
export function useTelemetry(app: FastifyInstance, telemetry: Telemetry): void {
  app.decorateRequest('trace', undefined);
  if (!telemetry.on) return;
  const open = new WeakMap<FastifyRequest, Begun>();

  app.addHook('onRequest', (request, _reply, done) => {
    const startMs = Date.now();
    const route = routeOf(request);
    const span =
      UNTRACED.has(route ?? '') || isFrequent(request)
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
      const attributes = requestAttributes(request, reply);
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
