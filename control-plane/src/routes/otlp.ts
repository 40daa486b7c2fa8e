import { BOUNDS, SIGNALS, type Signal } from '@oversoak/contracts';
import type { Relay } from '@oversoak/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Guesses } from '../plugins/guesses.ts';
import { RequestProblem } from '../plugins/problems.ts';
import { refuseWithoutRedis } from '../plugins/redis.ts';
import type { Cluster } from './cluster.ts';
import { Deliveries } from './deliveries.ts';
import { answerOf } from './otlp-answer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose telemetry it brings, once it counts as under way. */
    sender: string | null;
  }
}

const PROTOBUF = 'application/x-protobuf';
const RETRY_AFTER_SECONDS = 5;

/**
 * OTLP/HTTP for agents that joined, passed on as it is. What is wrong with a request is found before
 * its body is read.
 */
export async function otlpRoutes(
  app: FastifyInstance,
  { cluster, relay }: { cluster: Cluster; relay: Relay },
): Promise<void> {
  const deliveries = new Deliveries();
  const guesses = new Guesses();
  app.decorateRequest('sender', null);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(PROTOBUF, { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );

  // It stores nothing, so a Redis that refuses writes does not matter.
  refuseWithoutRedis(app, cluster, () => true);
  app.addHook('onRequest', async (request, reply) => {
    const agentId = await senderOf(request, reply);
    refuseCompressed(request);
    if (!deliveries.begin(agentId)) {
      reply.header('retry-after', RETRY_AFTER_SECONDS);
      throw new RequestProblem(503, 'too many deliveries of telemetry are under way; try again');
    }
    request.sender = agentId;
  });
  const end = async (request: FastifyRequest) => {
    if (request.sender !== null) deliveries.end(request.sender);
    request.sender = null;
  };
  app.addHook('onResponse', end);
  app.addHook('onRequestAbort', end);

  async function senderOf(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const text = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    // An agent whose identity has ended goes on trying, and must not shut out its neighbours.
    const claimed = /^ost_([a-z0-9-]{1,63})_/.exec(text ?? '')?.[1] ?? '';
    await guesses.refuse(request, reply, claimed);
    const agentId = text === undefined ? null : await cluster.enrolments.telemetrySender(text);
    if (agentId !== null) return agentId;
    await guesses.wrong(request, claimed);
    const action = `${request.method} ${request.routeOptions.url}`;
    const refused = { who: null, from: request.ip, action, subject: null, outcome: '401' };
    await cluster.audit.noteRefused(refused);
    reply.header('www-authenticate', 'Bearer realm="oversoak telemetry"');
    throw new RequestProblem(401, 'no agent that joined sends telemetry with this token');
  }

  for (const signal of SIGNALS) {
    const options = {
      bodyLimit: BOUNDS.telemetry.bytes,
      config: { frequent: true as const },
      // Not of the API: its body is not JSON, and its caller has no token of the API.
      schema: { hide: true },
      onRequest: async () => refuseWithoutReceiver(relay, signal),
    };
    app.post(`/${signal}`, options, async ({ body }, reply) => {
      if (!Buffer.isBuffer(body)) throw new RequestProblem(415, `the body must be ${PROTOBUF}`);
      const { status, detail } = answerOf(await relay.pass(signal, body));
      if (detail !== null) {
        if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
        throw new RequestProblem(status, detail);
      }
      // An empty message: all of it was accepted.
      return reply.type(PROTOBUF).send(Buffer.alloc(0));
    });
  }
}

function refuseCompressed({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw new RequestProblem(415, 'telemetry is taken without compression only');
}

function refuseWithoutReceiver({ signals }: Relay, signal: Signal): void {
  if (signals.includes(signal)) return;
  throw new RequestProblem(
    404,
    `the control plane has no receiver of ${signal}: set OTEL_EXPORTER_OTLP_ENDPOINT, or that of ${signal}`,
  );
}
