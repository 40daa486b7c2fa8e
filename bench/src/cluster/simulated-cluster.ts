import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Child,
  controlPlaneSettings,
  findPrograms,
  inheritedEnvironment,
  jsonLine,
  startRedis,
} from 'oversoak/cluster';
import pMap from 'p-map';
import type { AgentsOptions } from './agents-main.ts';
import { BenchApi } from './api.ts';
import type { EnrolledOptions } from './enrolled-main.ts';

/** An in-memory file system on Linux. */
const MEMORY = '/dev/shm';
const READY_MS = 120_000;
const AGENT_PROCESSES = 2;
/** Approximate number of agents per site; a gang has at most nine. */
const AGENTS_TO_A_SITE = 20;
/** One in this many agents has two slots. */
const TWO_SLOTS_EVERY = 4;

const programOf = (name: string) =>
  fileURLToPath(import.meta.url.replace('simulated-cluster', name));
const AGENTS_MAIN = programOf('agents-main');
const ENROLLED_MAIN = programOf('enrolled-main');
/** Of the loopback network, so that no agent is refused an unreachable Redis. */
const ADDRESS = '127.0.0.1';
const ENROLLED_AT_ONCE = { concurrency: 10 };

export interface SimulatedOptions {
  /** Agents that join with identities of their own, and run nothing; else real ones with a dry engine. */
  enrolled?: boolean;
  /** More settings of the control planes. */
  plane?: Record<string, string>;
}

/** A real Redis, real control planes, and many agents. */
export class SimulatedCluster {
  readonly sites: string[];
  redisUrl = '';
  readonly #token = randomBytes(24).toString('base64url');
  readonly #folder: string;
  readonly #spoolDir: string;
  readonly #agents: AgentsOptions['agents'];
  readonly #options: SimulatedOptions;
  readonly #children: { redis: Child[]; planes: Child[]; agents: Child[] } = {
    redis: [],
    planes: [],
    agents: [],
  };

  private constructor(folder: string, spoolDir: string, agents: number, options: SimulatedOptions) {
    this.#options = options;
    this.#folder = folder;
    this.#spoolDir = spoolDir;
    const sites = Math.max(1, Math.floor(agents / AGENTS_TO_A_SITE));
    this.sites = Array.from({ length: sites }, (_, index) => `site-${index}`);
    this.#agents = Array.from({ length: agents }, (_, index) => ({
      agentId: `agent-${index}`,
      site: `site-${index % sites}`,
      slots: index % TWO_SLOTS_EVERY === 0 ? 2 : 1,
    }));
  }

  static async create(agents: number, options: SimulatedOptions = {}): Promise<SimulatedCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'oversoak-bench-'));
    // Hundreds of agents share one process, so one agent's disk flush would block all; separate
    // agents do not have this problem.
    const spoolParent = existsSync(MEMORY) ? MEMORY : tmpdir();
    const spoolDir = await mkdtemp(join(spoolParent, 'oversoak-bench-'));
    return new SimulatedCluster(folder, spoolDir, agents, options);
  }

  get agentIds(): string[] {
    return this.#agents.map(({ agentId }) => agentId);
  }

  async start(signal: AbortSignal): Promise<BenchApi> {
    const { url } = await startRedis({
      folder: join(this.#folder, 'redis'),
      environment: inheritedEnvironment(process.env),
      signal,
      started: (child) => this.#children.redis.push(child),
    });
    this.redisUrl = url;
    const plane = await this.plane(signal);
    const each = Math.ceil(this.#agents.length / AGENT_PROCESSES);
    const start = this.#options.enrolled
      ? (index: number, agents: AgentsOptions['agents']) =>
          this.#startEnrolled(index, agents, plane, signal)
      : (index: number, agents: AgentsOptions['agents']) =>
          this.#startAgents(index, agents, signal);
    await Promise.all(
      Array.from({ length: AGENT_PROCESSES }, (_, index) =>
        start(index, this.#agents.slice(index * each, (index + 1) * each)),
      ),
    );
    return plane;
  }

  /** Starts another control plane. */
  async plane(signal: AbortSignal): Promise<BenchApi> {
    const { planes } = this.#children;
    const program = findPrograms().controlPlane;
    const child = await Child.start({
      name: 'control plane',
      command: process.execPath,
      args: [program],
      cwd: this.#folder,
      env: {
        ...inheritedEnvironment(process.env),
        ...controlPlaneSettings({ redisUrl: this.redisUrl, token: this.#token, port: 0 }),
        ...this.#options.plane,
      },
      logFile: this.#planeLog(planes.length),
      stopBy: 'stdin-end',
    });
    planes.push(child);
    const url = await child.ready(jsonLine('listening'), READY_MS, signal);
    return new BenchApi({ url, token: this.#token, signal });
  }

  /** Process ids. */
  pids(of: 'redis' | 'planes' | 'agents'): number[] {
    return this.#children[of].map(({ pid }) => pid);
  }

  /** The fields of all control-plane log lines with this message. */
  async logged<T>(message: string): Promise<T[]> {
    const logs = this.#children.planes.map((_, index) => readFile(this.#planeLog(index), 'utf8'));
    const lines = (await Promise.all(logs)).flatMap((log) => log.split('\n'));
    return lines
      .filter((line) => line.includes(`"msg":"${message}"`))
      .map((line) => JSON.parse(line) as T);
  }

  async stop(): Promise<void> {
    const { agents, planes, redis } = this.#children;
    for (const layer of [agents, planes, redis]) {
      await Promise.all(layer.map((child) => child.stop()));
    }
    for (const folder of [this.#folder, this.#spoolDir]) {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #startAgents(index: number, agents: AgentsOptions['agents'], signal: AbortSignal) {
    const options: AgentsOptions = {
      redisUrl: this.redisUrl,
      spoolDir: this.#spoolDir,
      agents,
    };
    await this.#startProcess(index, [AGENTS_MAIN, JSON.stringify(options)], signal);
  }

  async #startEnrolled(
    index: number,
    agents: AgentsOptions['agents'],
    plane: BenchApi,
    signal: AbortSignal,
  ) {
    const identities = await pMap(
      agents,
      async ({ agentId, site, slots }) => {
        const identity = await plane.enrol({ agentId, address: ADDRESS, labels: { site } });
        return { identity, slots };
      },
      ENROLLED_AT_ONCE,
    );
    const options: EnrolledOptions = { agents: identities };
    const file = join(this.#folder, `identities-${index}.json`);
    await writeFile(file, JSON.stringify(options), { mode: 0o600 });
    await this.#startProcess(index, [ENROLLED_MAIN, file], signal);
  }

  async #startProcess(index: number, args: string[], signal: AbortSignal) {
    const child = await Child.start({
      name: 'the agents',
      command: process.execPath,
      args,
      cwd: this.#folder,
      env: inheritedEnvironment(process.env),
      logFile: join(this.#folder, `agents-${index}.log`),
      stopBy: 'stdin-end',
    });
    this.#children.agents.push(child);
    await child.ready(jsonLine('started'), READY_MS, signal);
  }

  #planeLog(index: number): string {
    return join(this.#folder, `control-plane-${index}.log`);
  }
}
