import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AgentJob,
  agentQueue,
  LEASE_MS,
  leaseKey,
  QUEUE_PREFIX,
  reportsKey,
} from '@oversoak/contracts';
import { DRY_ENGINE } from '@oversoak/testing/dry/index';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { AgentConfig } from '../src/config.ts';
import { ReportsSeen } from './reports-seen.ts';

/** What the agent of a configuration here allows; no test loads it. */
export const PLUGIN = { path: '/plugins/xor.so', file: 'xor.so', sha256: 'a'.repeat(64) };

/** What stands around an agent: a Redis, its queue, and someone who takes the reports. */
export class Cluster {
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly seen = new ReportsSeen();
  readonly spoolDir = mkdtempSync(join(tmpdir(), 'oversoak-test-spool-'));
  readonly #queues = new Map<string, Queue>();
  /** Where the reading of each agent's reports stands. */
  readonly #readTo = new Map([[reportsKey('agent-1'), '0']]);
  readonly #reader: Redis;
  readonly #reading: Promise<void>;
  #stopped = false;
  #jobs = 0;

  private constructor(server: RedisServer) {
    this.server = server;
    this.redis = quiet(new Redis(server.url, { maxRetriesPerRequest: null }));
    this.#reader = quiet(this.redis.duplicate());
    this.#reading = this.#read();
  }

  static async start(): Promise<Cluster> {
    return new Cluster(await RedisServer.start());
  }

  /** Takes reports as a control plane does, until the end. A Redis that is back has lost its data. */
  async #read(): Promise<void> {
    while (!this.#stopped) {
      const keys = [...this.#readTo.keys()];
      const from = [...this.#readTo.values()];
      const streams = await this.#reader
        .xread('BLOCK', 20, 'STREAMS', ...keys, ...from)
        .catch(() => null);
      for (const [key, entries] of streams ?? []) {
        for (const [id, fields] of entries) {
          this.#readTo.set(key, id);
          this.seen.add(JSON.parse(fields[1] ?? ''));
        }
      }
    }
  }

  config(changes: Partial<AgentConfig> = {}): AgentConfig {
    const key = reportsKey(changes.agentId ?? 'agent-1');
    if (!this.#readTo.has(key)) this.#readTo.set(key, '0');
    return {
      redisUrl: this.server.url,
      agentId: 'agent-1',
      labels: { site: 'test' },
      slots: 2,
      advertisedHost: '127.0.0.1',
      allowsFaults: false,
      targets: ['127.0.0.0/8:7000', '[::1]:7000'],
      peers: ['127.0.0.0/8'],
      plugins: [PLUGIN],
      stopOnStdinEnd: false,
      spoolDir: this.spoolDir,
      leaseMs: LEASE_MS,
      engine: DRY_ENGINE,
      metricsRunId: false,
      traceIntervalMs: 10_000,
      slowEchoes: 3,
      ...changes,
    };
  }

  /** An assignment is for the process that holds the lease, as an allocation has it. */
  async send(job: AgentJob | object, agentId = 'agent-1'): Promise<void> {
    const incarnation = await this.redis.get(leaseKey(agentId));
    await this.sendAsIs('incarnation' in job ? { ...job, incarnation } : job, agentId);
  }

  async sendAsIs(job: object, agentId = 'agent-1'): Promise<void> {
    let queue = this.#queues.get(agentId);
    if (queue === undefined) {
      queue = new Queue(agentQueue(agentId), { connection: this.redis, prefix: QUEUE_PREFIX });
      queue.on('error', () => undefined);
      this.#queues.set(agentId, queue);
    }
    this.#jobs += 1;
    await queue.add('job', job, { jobId: `job-${this.#jobs}` });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#reader.disconnect();
    await this.#reading;
    for (const queue of this.#queues.values()) await queue.close();
    this.redis.disconnect();
    await this.server.stop();
    rmSync(this.spoolDir, { recursive: true, force: true });
  }
}

/** A test takes Redis away on purpose. */
function quiet(redis: Redis): Redis {
  return redis.on('error', () => undefined);
}
