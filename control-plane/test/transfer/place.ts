import { TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { assemble, emptyApp } from '../../src/app.ts';
import type { Cluster } from '../../src/routes/cluster.ts';
import { watchAnswers } from '../answers.ts';

export const TOKEN = 'a-token-of-the-tests-of-oversoak';

/** A control plane with its API on a Redis of its own. */
export interface Place {
  bench: TestCluster;
  plane: Cluster;
  app: FastifyInstance;
  faults: () => string[];
  call: (method: 'GET' | 'POST', url: string, more?: InjectOptions) => ReturnType<typeof inject>;
}

const inject = (app: FastifyInstance, method: 'GET' | 'POST', url: string, more: InjectOptions) => {
  const headers = { authorization: `Bearer ${TOKEN}`, ...more.headers };
  return app.inject({ method, url, ...more, headers } as InjectOptions);
};

export async function startPlace(): Promise<Place> {
  const bench = await TestCluster.start();
  const plane = await bench.plane();
  const options = { cluster: plane, token: TOKEN, rateLimitPerMinute: 100_000 };
  const bare = emptyApp(false);
  const faults = watchAnswers(bare);
  const app = await assemble(bare, options);
  return {
    bench,
    plane,
    app,
    faults,
    call: (method, url, more = {}) => inject(app, method, url, more),
  };
}

export async function stopPlace({ bench, app }: Place) {
  await app.close();
  await bench.clear();
  await bench.stop();
}
