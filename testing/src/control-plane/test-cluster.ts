import assert from 'node:assert/strict';
import { type Registration, RUN_STATES, type RunState, type SoakSpec } from '@oversoak/contracts';
import { type ClusterOptions, startCluster } from '@oversoak/control-plane/cluster';
import { RUN_LIMITS, type RunLimits } from '@oversoak/control-plane/model/run-limits';
import type { RunRecord } from '@oversoak/control-plane/model/run-record';
import type { Cluster } from '@oversoak/control-plane/routes/cluster';
import { runEventsKey } from '@oversoak/control-plane/store/names';
import type { StoredEvent } from '@oversoak/control-plane/store/runs';
import type { StoredSoak } from '@oversoak/control-plane/store/soaks';
import { Redis } from 'ioredis';
import { madeSpec } from '../builders/made-figures.ts';
import { RedisServer } from '../redis/redis-server.ts';
import { until } from '../waiting/until.ts';
import { silentLog } from './silent-log.ts';
import { SimulatedAgent } from './simulated-agent.ts';

const QUICK: RunLimits = {
  ...RUN_LIMITS,
  prepareMs: 5000,
  startLeadMs: 20,
  finishGraceMs: 5000,
  abortMs: 5000,
  recoverGraceMs: 5000,
  unplaceableMs: 100,
  serverStopMs: 0,
};

/** Phases of a run that a test ends before they do. */
export const LONG = {
  rampUpSeconds: 0,
  warmUpSeconds: 0.2,
  measureSeconds: 30,
  drainSeconds: 0,
};

/** A Redis, control planes on it and two simulated agents: what the cluster's tests share. */
export class TestCluster {
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly #planes: Cluster[] = [];
  #agents: SimulatedAgent[] = [];

  private constructor(server: RedisServer) {
    this.server = server;
    this.redis = new Redis(server.url, { maxRetriesPerRequest: null });
  }

  static async start(): Promise<TestCluster> {
    return new TestCluster(await RedisServer.start());
  }

  /** One more control plane on the same Redis. */
  async plane(
    limits: Partial<RunLimits> = {},
    more: Pick<ClusterOptions, 'retention' | 'telemetry'> = {},
  ): Promise<Cluster> {
    const plane = await startCluster({
      redisUrl: this.server.url,
      log: silentLog,
      limits: { ...QUICK, ...limits },
      watchEveryMs: 50,
      figuresEveryMs: 100,
      leaseGraceMs: 0,
      ...more,
    });
    this.#planes.push(plane);
    return plane;
  }

  async end(plane: Cluster): Promise<void> {
    this.#planes.splice(this.#planes.indexOf(plane), 1);
    await plane.close();
  }

  async agent(agentId: string, changes: Partial<Registration> = {}): Promise<SimulatedAgent> {
    const agent = await SimulatedAgent.start(this.server.url, agentId, changes);
    this.#agents.push(agent);
    return agent;
  }

  agents(slots = 1): Promise<[SimulatedAgent, SimulatedAgent]> {
    return Promise.all([this.agent('agent-a', { slots }), this.agent('agent-b', { slots })]);
  }

  /** Back to an empty Redis with nobody on it. */
  async clear(): Promise<void> {
    await Promise.all(this.#planes.splice(0).map((plane) => plane.close()));
    await Promise.all(this.#agents.splice(0).map((agent) => agent.stop()));
    await this.redis.flushall();
  }

  async stop(): Promise<void> {
    this.redis.disconnect();
    await this.server.stop();
  }

  /** Every state once at most: results may come before the timer that ends the measurement. */
  async wentInOrder(runId: string): Promise<void> {
    const entries = await this.redis.xrange(runEventsKey(runId), '-', '+');
    const states = entries.map(([, [, event = '']]) => (JSON.parse(event) as StoredEvent).state);
    assert.deepEqual(
      states,
      RUN_STATES.filter((state) => states.includes(state)),
    );
    for (const state of ['queued', 'preparing', 'starting', 'judging', 'done'] as const) {
      assert.ok(states.includes(state), state);
    }
  }
}

export async function submit(to: Cluster, changes: Partial<SoakSpec> = {}): Promise<StoredSoak> {
  const submitted = await to.submit(madeSpec(changes));
  assert.ok('soakId' in submitted, JSON.stringify(submitted));
  const stored = await to.soaks.get(submitted.soakId);
  assert.ok(stored !== null);
  return stored;
}

export async function runOf(plane: Cluster, runId: string | undefined): Promise<RunRecord> {
  const run = await plane.runs.get(runId ?? '');
  assert.ok(run !== null);
  return run;
}

export function reach(
  plane: Cluster,
  runId: string | undefined,
  state: RunState,
): Promise<RunRecord> {
  return until(`${runId} is ${state}`, async () => {
    const run = await runOf(plane, runId);
    return run.state === state ? run : null;
  });
}

export async function slotsUsed(plane: Cluster): Promise<number> {
  return (await plane.agents.list()).reduce((total, agent) => total + agent.slotsUsed, 0);
}

/** Members as `agent role`, in order. */
export function gangText({ gang }: Pick<RunRecord, 'gang'>): string {
  return gang.map(({ agentId, role }) => `${agentId} ${role}`).join(', ');
}

export function reasons(run: RunRecord): string {
  return run.judgement?.reasons.join('; ') ?? '';
}
