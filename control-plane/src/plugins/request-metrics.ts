import { METRICS, prometheusLabel, prometheusName } from '@oversoak/contracts';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { isEventStream, requestAttributes } from './telemetry.ts';

const DURATION = 'http.server.request.duration';

/** What a scrape gets of this process: Node's own figures, and the requests that it answered. */
export function useRequestMetrics(app: FastifyInstance): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: prometheusName(DURATION),
    help: METRICS[DURATION].description,
    labelNames: METRICS[DURATION].attributes.map(prometheusLabel),
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    if (isEventStream(reply)) return;
    const labels = Object.entries(requestAttributes(request, reply)).map(
      ([name, value]) => [prometheusLabel(name as never), value] as const,
    );
    durations.observe(Object.fromEntries(labels), reply.elapsedTime / 1000);
  });
  return registry;
}
