import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@oversoak/testing/waiting/until';
import { ApiClient } from 'oversoak/api/client';
import { inheritedEnvironment } from 'oversoak/cluster/environment';
import { readConfig } from 'oversoak/shell/config';
import { AgentProcess } from './agent-process.ts';
import { Jobs } from './jobs.ts';
import { PlaneProcess, TOKEN } from './plane-process.ts';
import { RedisProcess } from './redis-process.ts';
import { WatchedRun } from './watched-run.ts';

export const SERVER_AGENT = 'agent-a';
export const FLEET_AGENT = 'agent-b';

export interface Phases {
  warmUpSeconds: number;
  measureSeconds: number;
}

/** Real processes: Redis, a control plane (sometimes two), an agent for servers, one for fleets. */
export class FaultCluster {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly redis: RedisProcess;
  readonly plane: PlaneProcess;
  readonly server: AgentProcess;
  readonly fleet: AgentProcess;
  readonly jobs: Jobs;
  #second: PlaneProcess | null = null;
  #soaks = 0;

  private constructor(
    folder: string,
    environment: NodeJS.ProcessEnv,
    parts: Pick<FaultCluster, 'redis' | 'plane' | 'server' | 'fleet'>,
  ) {
    this.#folder = folder;
    this.#environment = environment;
    this.redis = parts.redis;
    this.plane = parts.plane;
    this.server = parts.server;
    this.fleet = parts.fleet;
    const roles = { [SERVER_AGENT]: 'server', [FLEET_AGENT]: 'fleet' } as const;
    this.jobs = new Jobs(parts.redis.port, roles);
  }

  static async start(): Promise<FaultCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'oversoak-faults-'));
    const environment = inheritedEnvironment(readConfig().environment);
    const redis = await RedisProcess.start(join(folder, 'redis'), environment);
    const agent = (id: string) => AgentProcess.start(id, redis.port, folder, environment);
    const [plane, server, fleet] = await Promise.all([
      PlaneProcess.start('plane', redis.port, folder, environment),
      agent(SERVER_AGENT),
      agent(FLEET_AGENT),
    ]);
    return new FaultCluster(folder, environment, { redis, plane, server, fleet });
  }

  get agents(): [AgentProcess, AgentProcess] {
    return [this.server, this.fleet];
  }

  get api(): ApiClient {
    return new ApiClient({ url: this.plane.url, token: TOKEN });
  }

  /** One more control plane on the same Redis, and runs are watched by it. */
  async startSecondPlane(): Promise<void> {
    const { port } = this.redis;
    this.#second = await PlaneProcess.start('second', port, this.#folder, this.#environment);
  }

  async stopSecondPlane(): Promise<void> {
    await this.#second?.stop();
    this.#second = null;
  }

  /** Answers once every control plane has found Redis again. */
  async ready(): Promise<void> {
    for (const plane of [this.plane, this.#second]) {
      if (plane === null) continue;
      await until(`${plane.url} is ready`, async () => (await fetch(`${plane.url}/readyz`)).ok);
    }
  }

  /** A soak of one run, on the two agents. */
  async submit(phases: Phases): Promise<WatchedRun> {
    this.#soaks += 1;
    const spec = {
      name: `fault-${this.#soaks}`,
      matrix: { notifier: ['iocp'], sessions: [10] },
      workload: { ratePerSecond: 200 },
      phases: { rampUpSeconds: 0, drainSeconds: 1, ...phases },
      placement: { server: { id: SERVER_AGENT }, fleet: { id: FLEET_AGENT } },
    };
    const text = { text: JSON.stringify(spec), contentType: 'application/json' } as const;
    const { soakId, runs } = await this.api.submit(text);
    return new WatchedRun((this.#second ?? this.plane).url, soakId, runs[0]?.runId ?? '');
  }

  /** After a case that failed nothing here can be relied on: not even an orderly stop. */
  async fail(): Promise<void> {
    for (const agent of this.agents) agent.killMachine();
    await this.stop();
  }

  async stop(): Promise<void> {
    await this.jobs.close();
    await Promise.all(this.agents.map((agent) => agent.stop()));
    await this.stopSecondPlane();
    await this.plane.stop();
    await this.redis.kill();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
