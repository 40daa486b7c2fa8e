import { assemble, emptyApp } from '@oversoak/control-plane/app';
import { startCluster } from '@oversoak/control-plane/cluster';
import { RUN_LIMITS } from '@oversoak/control-plane/model/run-limits';
import type { Cluster } from '@oversoak/control-plane/routes/cluster';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { silentLog } from './silent-log.ts';

const TOKEN = 'a-token-of-the-tests-of-oversoak';

/** A control plane with its API, quick to look and to try again. */
export class TestApi {
  readonly cluster: Cluster;
  readonly #app: FastifyInstance;

  private constructor(cluster: Cluster, app: FastifyInstance) {
    this.cluster = cluster;
    this.#app = app;
  }

  static async start(redisUrl: string): Promise<TestApi> {
    const cluster = await startCluster({
      redisUrl,
      log: silentLog,
      limits: { ...RUN_LIMITS, startLeadMs: 20, serverStopMs: 0, unplaceableMs: 100 },
      watchEveryMs: 50,
      schedulesEveryMs: 200,
      webhookTargets: ['127.0.0.0/8'],
      sealingKeys: ['a-key-of-the-tests'.repeat(2)],
      webhookRetries: { attempts: 3, firstWaitMs: 20 },
    });
    const options = { cluster, token: TOKEN, rateLimitPerMinute: 10_000 };
    return new TestApi(cluster, await assemble(emptyApp(false), options));
  }

  call(
    method: InjectOptions['method'],
    url: string,
    more: InjectOptions = {},
  ): Promise<LightMyRequestResponse> {
    const headers = { authorization: `Bearer ${TOKEN}`, ...more.headers };
    return this.#app.inject({ method, url, ...more, headers } as never);
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.cluster.close();
  }
}
