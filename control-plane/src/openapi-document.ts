import type {} from '@fastify/swagger';
import { assemble, emptyApp } from './app.ts';
import type { Cluster } from './routes/cluster.ts';

/** The OpenAPI document that a control plane serves at /docs/json. Needs no Redis. */
export async function openApiDocument(): Promise<object> {
  const app = emptyApp(false);
  // Routes use the cluster only when they are called.
  const cluster = {} as Cluster;
  await assemble(app, { cluster, token: '', rateLimitPerMinute: 1 });
  const document = app.swagger();
  await app.close();
  return document;
}
