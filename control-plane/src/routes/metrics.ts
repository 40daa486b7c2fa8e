import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Attribute, METRICS, prometheusLabel, prometheusName } from '@oversoak/contracts';
import type { MetricPoint } from '@oversoak/telemetry';
import { Counter, Gauge, Registry } from 'prom-client';
import { Type } from 'typebox';
import type { Cluster } from './cluster.ts';

/** Points as Prometheus' text; their names are those of the OTLP metrics there. */
export function pointsRegistry(points: readonly MetricPoint[]): Registry {
  const registry = new Registry();
  const byMetric = Map.groupBy(points, ({ metric }) => metric);
  for (const [metric, series] of byMetric) {
    const { kind, description, attributes } = METRICS[metric];
    const options = {
      name: prometheusName(metric),
      help: description,
      labelNames: attributes.map(prometheusLabel),
      registers: [registry],
    };
    const counter = kind === 'sum' ? new Counter(options) : null;
    const gauge = kind === 'sum' ? null : new Gauge(options);
    for (const point of series) {
      if (typeof point.value !== 'number') continue;
      const labels = Object.fromEntries(
        Object.entries(point.attributes).map(([name, value]) => [
          prometheusLabel(name as Attribute),
          value,
        ]),
      );
      counter?.inc(labels, point.value);
      gauge?.set(labels, point.value);
    }
  }
  return registry;
}

export const metricsRoutes: FastifyPluginAsyncTypebox<{
  cluster: Cluster;
  process: Registry;
}> = async (app, { cluster, process }) => {
  app.get(
    '/metrics',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getMetrics',
        summary: 'metrics for Prometheus: this control plane, and the cluster as it is now',
        security: [{ token: [] }],
        tags: ['health'],
        produces: ['text/plain'],
        response: { 200: Type.String({ description: "Prometheus' text format" }) },
      },
    },
    async (_request, reply) => {
      const all = Registry.merge([process, pointsRegistry(await cluster.figures())]);
      reply.type(all.contentType).serializer((text: unknown) => String(text));
      return await all.metrics();
    },
  );
};
