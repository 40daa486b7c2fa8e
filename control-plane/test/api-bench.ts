import assert from 'node:assert/strict';
import type { Soak } from '@oversoak/contracts';
import { NO_RELAY, type Relay } from '@oversoak/telemetry';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { Redis } from 'ioredis';
import { assemble, emptyApp } from '../src/app.ts';
import { startCluster } from '../src/cluster.ts';
import { RUN_LIMITS } from '../src/model/run-limits.ts';
import type { Cluster } from '../src/routes/cluster.ts';
import { watchAnswers } from './answers.ts';

export const TOKEN = 'a-token-of-the-tests-of-oversoak';
export const authorization = `Bearer ${TOKEN}`;
/** Content type of every refusal. */
export const PROBLEM = /^application\/problem\+json/;

/** A Redis, a control plane with its API and two agents: what the tests of routes share. */
export class ApiBench {
  readonly #server: RedisServer;
  readonly redis: Redis;
  readonly cluster: Cluster;
  readonly app: FastifyInstance;
  readonly agents: readonly SimulatedAgent[];
  /** What was answered otherwise than the document says. */
  readonly faults: () => string[];

  private constructor(
    server: RedisServer,
    cluster: Cluster,
    app: FastifyInstance,
    agents: readonly SimulatedAgent[],
    faults: () => string[],
  ) {
    this.#server = server;
    this.redis = new Redis(server.url);
    this.cluster = cluster;
    this.app = app;
    this.agents = agents;
    this.faults = faults;
  }

  /** `relay`: for the telemetry of agents that joined. */
  static async start(relay: Relay = NO_RELAY): Promise<ApiBench> {
    const server = await RedisServer.start();
    const cluster = await startCluster({
      redisUrl: server.url,
      relayedSignals: relay.signals,
      log: silentLog,
      limits: { ...RUN_LIMITS, startLeadMs: 20, serverStopMs: 0 },
      watchEveryMs: 50,
    });
    const app = emptyApp(false);
    const faults = watchAnswers(app);
    await assemble(app, { cluster, token: TOKEN, rateLimitPerMinute: 10_000, relay });
    const agents = [];
    for (const agentId of ['agent-a', 'agent-b']) {
      agents.push(await SimulatedAgent.start(server.url, agentId));
    }
    return new ApiBench(server, cluster, app, agents, faults);
  }

  /** Of its Redis. */
  get redisUrl(): string {
    return this.#server.url;
  }

  /** Agents whose leases a test took get them back. */
  async register(): Promise<void> {
    for (const agent of this.agents) await agent.register();
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.cluster.close();
    await Promise.all(this.agents.map((agent) => agent.stop()));
    this.redis.disconnect();
    await this.#server.stop();
  }

  call(
    method: InjectOptions['method'],
    url: string,
    more: InjectOptions = {},
  ): Promise<LightMyRequestResponse> {
    const headers = { authorization, ...more.headers };
    return this.app.inject({ method, url, ...more, headers } as never);
  }

  post(spec: unknown): Promise<LightMyRequestResponse> {
    return this.call('POST', '/v1/soaks', { payload: spec as Record<string, unknown> });
  }

  postYaml(payload: string): Promise<LightMyRequestResponse> {
    const headers = { 'content-type': 'application/yaml' };
    return this.call('POST', '/v1/soaks', { payload, headers });
  }

  async submitted(spec: unknown = submittedSpec()): Promise<Soak> {
    const answer = await this.post(spec);
    assert.equal(answer.statusCode, 201, answer.body);
    return answer.json();
  }

  done(soakId: string): Promise<Soak> {
    return until(`${soakId} is done`, async () => {
      const soak = (await this.call('GET', `/v1/soaks/${soakId}`)).json<Soak>();
      return soak.state === 'done' ? soak : null;
    });
  }

  /** Keys that soaks have of their own. */
  async stored(): Promise<number> {
    return (await this.redis.keys('oversoak:soak:*')).length;
  }
}

export const pointers = (body: { errors: { pointer: string }[] }) =>
  body.errors.map(({ pointer }) => pointer);
