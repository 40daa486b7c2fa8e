// Real agents, under Wine or native, on one Redis and one control plane. Each has a Wine prefix and therefore a
// wineserver of its own.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createPrefix, stopPrefix, windowsToolchain, wineEnvironment } from '@oversoak/agent/wine';
import {
  agentSettings,
  Child,
  controlPlaneSettings,
  findPrograms,
  inheritedEnvironment,
  jsonLine,
  startRedis,
  withReceiver,
} from 'oversoak/cluster';
import { BenchApi } from './api.ts';

const READY_MS = 120_000;

export interface WineAgent {
  agentId: string;
  labels: Record<string, string>;
  slots: number;
  /** Runs on Linux itself, without Wine. */
  native?: boolean;
  /** The core on which the agent, its hosts and its wineserver run; absent: any. */
  core?: string;
  /** Receiver of traces and metrics; absent: telemetry is off. */
  receiver?: string | undefined;
}

/** A process of the cluster. */
export interface Member {
  name: string;
  pid: number;
  logFile: string;
}

export class WineCluster {
  readonly #folder: string;
  readonly #nodeOptions: NodeJS.ProcessEnv;
  readonly #prefixes: string[] = [];
  readonly #members: Member[] = [];
  readonly #children: { redis: Child[]; planes: Child[]; agents: Child[] } = {
    redis: [],
    planes: [],
    agents: [],
  };

  private constructor(folder: string, nodeOptions: string | undefined) {
    this.#folder = folder;
    this.#nodeOptions = nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions };
  }

  /** `nodeOptions`: for the control plane and the agents. */
  static async create(nodeOptions?: string): Promise<WineCluster> {
    const { prefixesDir } = windowsToolchain();
    await mkdir(prefixesDir, { recursive: true });
    return new WineCluster(await mkdtemp(join(prefixesDir, 'bench-')), nodeOptions);
  }

  /** After a rejection, `stop` cleans up. */
  async start(agents: readonly WineAgent[], signal: AbortSignal): Promise<BenchApi> {
    const { url, child } = await startRedis({
      folder: join(this.#folder, 'redis'),
      environment: environment(),
      signal,
      started: (started) => this.#children.redis.push(started),
    });
    this.#members.push({ name: 'redis', pid: child.pid, logFile: '' });
    const api = await this.#startPlane(url, signal);
    for (const agent of agents) await this.#startAgent(agent, url, signal);
    return api;
  }

  /** Redis, the control plane and the agents. */
  get members(): readonly Member[] {
    return this.#members;
  }

  async stop(): Promise<void> {
    const { agents, planes, redis } = this.#children;
    for (const layer of [agents, planes, redis]) {
      await Promise.all(layer.map((child) => child.stop()));
    }
    await Promise.all(this.#prefixes.map(stopPrefix));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #startPlane(redisUrl: string, signal: AbortSignal): Promise<BenchApi> {
    const token = randomBytes(24).toString('base64url');
    const program = findPrograms().controlPlane;
    const child = await this.#spawn(this.#children.planes, {
      name: 'control plane',
      command: process.execPath,
      args: [program],
      cwd: dirname(program),
      env: {
        ...environment(),
        ...controlPlaneSettings({ redisUrl, token, port: 0 }),
        ...this.#nodeOptions,
      },
      logFile: join(this.#folder, 'control-plane.log'),
      stopBy: 'stdin-end',
    });
    return new BenchApi({ url: await child.ready(jsonLine('listening'), READY_MS, signal), token });
  }

  async #startAgent(agent: WineAgent, redisUrl: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { agentId, labels, slots, native = false, core, receiver } = agent;
    const spoolFolder = join(this.#folder, agentId, 'spool');
    await mkdir(spoolFolder, { recursive: true });
    const machine = native
      ? { command: [process.execPath], env: process.env }
      : await this.#openPrefix(join(this.#folder, agentId, 'prefix'));
    const program = findPrograms().agent;
    const [command = '', ...args] = [
      ...(core === undefined ? [] : ['taskset', '-c', core]),
      ...machine.command,
      program,
    ];
    const child = await this.#spawn(this.#children.agents, {
      name: agentId,
      command,
      args,
      cwd: dirname(program),
      env: {
        ...withReceiver(withoutTelemetry(machine.env), receiver),
        ...agentSettings({ redisUrl, agentId, spoolFolder }),
        OVERSOAK_SLOTS: String(slots),
        OVERSOAK_LABELS: Object.entries(labels)
          .map(([name, value]) => `${name}=${value}`)
          .join(','),
        ...this.#nodeOptions,
      },
      logFile: join(this.#folder, `${agentId}.log`),
      stopBy: 'stdin-end',
    });
    await child.ready(jsonLine('registered'), READY_MS, signal);
  }

  async #openPrefix(prefixDir: string): Promise<{ command: string[]; env: NodeJS.ProcessEnv }> {
    const { prefixTemplate, nodeExe } = windowsToolchain();
    this.#prefixes.push(prefixDir);
    await createPrefix(prefixTemplate, prefixDir);
    return { command: ['wine', nodeExe], env: wineEnvironment(prefixDir) };
  }

  async #spawn(layer: Child[], options: Parameters<typeof Child.start>[0]): Promise<Child> {
    const child = await Child.start(options);
    layer.push(child);
    this.#members.push({ name: options.name, pid: child.pid, logFile: options.logFile });
    return child;
  }
}

/** Telemetry of the control plane is off, because only the agents' telemetry may be measured. */
const environment = () => withoutTelemetry(process.env);

function withoutTelemetry(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(inheritedEnvironment(given));
  return Object.fromEntries(kept.filter(([name]) => !name.startsWith('OTEL_')));
}
