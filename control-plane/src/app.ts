import { fastifySSE } from '@fastify/sse';
import { BOUNDS, loggedError, loggedLine, OTLP_PATH } from '@oversoak/contracts';
import { NO_RELAY, OFF, type Relay, type Telemetry } from '@oversoak/telemetry';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { useAudit } from './plugins/audit.ts';
import { useAuth } from './plugins/auth.ts';
import { useConsole } from './plugins/console.ts';
import { useEtags } from './plugins/etag.ts';
import { useOpenApi } from './plugins/openapi.ts';
import { answerClientError, sendProblem, useProblems } from './plugins/problems.ts';
import { useProtection } from './plugins/protection.ts';
import { refuseWithoutRedis } from './plugins/redis.ts';
import { useRequestLog } from './plugins/request-log.ts';
import { useRequestMetrics } from './plugins/request-metrics.ts';
import { useTelemetry } from './plugins/telemetry.ts';
import { useValidation } from './plugins/validation.ts';
import { takeStrictJson, takeYaml } from './plugins/yaml.ts';
import { agentRoutes } from './routes/agents.ts';
import { auditRoutes } from './routes/audit.ts';
import { baselineRoutes } from './routes/baselines.ts';
import type { Cluster } from './routes/cluster.ts';
import { comparisonRoutes } from './routes/comparisons.ts';
import { enrolmentRoutes } from './routes/enrolments.ts';
import { EventStreams } from './routes/event-stream.ts';
import { healthRoutes } from './routes/health.ts';
import { joinRoutes } from './routes/join.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { otlpRoutes } from './routes/otlp.ts';
import { probeRoutes } from './routes/probes.ts';
import { reportRoutes } from './routes/reports.ts';
import { runEventRoutes } from './routes/run-events.ts';
import { runRoutes } from './routes/runs.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { soakEventRoutes } from './routes/soak-events.ts';
import { soakFileRoutes } from './routes/soak-files.ts';
import { soakRoutes } from './routes/soaks.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { trendRoutes } from './routes/trends.ts';

export interface AppOptions {
  cluster: Cluster;
  /** Of the administrator who makes the other tokens. */
  token: string;
  rateLimitPerMinute: number;
  telemetry?: Telemetry;
  /** For agents that joined. */
  relay?: Relay;
}

/** Where the log goes; false: nowhere. */
interface LogTarget {
  level: string;
  stream: { write(line: string): void };
}

/** A Fastify instance with only its logger, which the cluster shares; HTTPS with a certificate. */
export function emptyApp(
  log: LogTarget | false,
  certificate?: { cert: string; key: string },
): FastifyInstance {
  return Fastify({
    ...(certificate && { https: certificate }),
    logger: log !== false && {
      ...log,
      serializers: { err: loggedError },
      hooks: { streamWrite: loggedLine },
    },
    // `useRequestLog` replaces Fastify's two lines per request.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BOUNDS.request.bytes,
    requestTimeout: BOUNDS.request.arrivesWithinMs,
    forceCloseConnections: true,
    clientErrorHandler: answerClientError,
    // An undecodable path is refused before routing.
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, error.statusCode ?? 400, error.message);
    },
  });
}

/** Assembles the REST API; it does not listen. */
export async function assemble(
  app: FastifyInstance,
  { cluster, token, rateLimitPerMinute, telemetry = OFF, relay = NO_RELAY }: AppOptions,
): Promise<FastifyInstance> {
  useRequestLog(app);
  useTelemetry(app, telemetry);
  const process = useRequestMetrics(app);
  useProblems(app);
  useValidation(app);
  await useProtection(app, { rateLimitPerMinute });
  await useOpenApi(app);
  await useConsole(app);
  await app.register(fastifySSE);
  const streams = new EventStreams(cluster.redis, cluster.quotas);
  await app.register(healthRoutes, { cluster });
  await app.register(async (own) => {
    refuseWithoutRedis(own, cluster);
    useAuth(own, { bootstrapToken: token, tokens: cluster.tokens, nowMs: cluster.nowMs });
    await own.register(metricsRoutes, { cluster, process });
  });
  await app.register(
    async (open) => {
      refuseWithoutRedis(open, cluster);
      takeStrictJson(open);
      await open.register(joinRoutes, { cluster });
    },
    { prefix: '/v1' },
  );
  await app.register(otlpRoutes, { cluster, relay, prefix: `/${OTLP_PATH}v1` });
  await app.register(
    async (v1) => {
      // Tokens are in Redis, so a request without it is refused before it is known whose it is.
      refuseWithoutRedis(v1, cluster);
      useAuth(v1, { bootstrapToken: token, tokens: cluster.tokens, nowMs: cluster.nowMs });
      useAudit(v1, cluster.audit);
      await useEtags(v1);
      takeStrictJson(v1);
      takeYaml(v1);
      await v1.register(soakRoutes, { cluster });
      await v1.register(soakEventRoutes, { cluster, streams });
      await v1.register(reportRoutes, { cluster });
      await v1.register(soakFileRoutes, { cluster });
      await v1.register(runRoutes, { cluster });
      await v1.register(runEventRoutes, { cluster, streams });
      await v1.register(scheduleRoutes, { cluster });
      await v1.register(agentRoutes, { cluster });
      await v1.register(probeRoutes, { cluster });
      await v1.register(baselineRoutes, { cluster });
      await v1.register(comparisonRoutes, { cluster });
      await v1.register(trendRoutes, { cluster });
      await v1.register(tokenRoutes, { cluster });
      await v1.register(enrolmentRoutes, { cluster });
      await v1.register(auditRoutes, { cluster });
    },
    { prefix: '/v1' },
  );
  await app.ready();
  return app;
}
