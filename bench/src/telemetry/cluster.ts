// A server agent and a fleet agent for each mode, real ones under Wine, on one Redis and one control
// plane: so one mode's run can follow another's within a second.
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
import pidusage from 'pidusage';
import { mean } from 'simple-statistics';
import { BenchApi } from '../cluster/api.ts';
import { CLIENT_CORE, SERVER_CORE } from '../server-process.ts';
import type { Mode } from './summary.ts';

const READY_MS = 120_000;

/** Where a mode's agents send; nowhere where there is none. */
export type Receivers = Record<Mode, string | undefined>;

const PARTS = { server: SERVER_CORE, fleet: CLIENT_CORE } as const;
type Part = keyof typeof PARTS;

/** Of the agents of a mode. */
export const labelsOf = (mode: Mode, part: Part) => ({ telemetry: mode, part });

export class TelemetryCluster {
  readonly #receivers: Receivers;
  readonly #folder: string;
  readonly #prefixes: string[] = [];
  readonly #children: { redis: Child[]; planes: Child[]; agents: Child[] } = {
    redis: [],
    planes: [],
    agents: [],
  };

  private constructor(receivers: Receivers, folder: string) {
    this.#receivers = receivers;
    this.#folder = folder;
  }

  static async create(receivers: Receivers): Promise<TelemetryCluster> {
    const { prefixesDir } = windowsToolchain();
    await mkdir(prefixesDir, { recursive: true });
    return new TelemetryCluster(receivers, await mkdtemp(join(prefixesDir, 'bench-')));
  }

  async start(signal: AbortSignal): Promise<BenchApi> {
    const { url } = await startRedis({
      folder: join(this.#folder, 'redis'),
      environment: environment(),
      signal,
      started: (child) => this.#children.redis.push(child),
    });
    const api = await this.#startPlane(url, signal);
    for (const mode of Object.keys(this.#receivers) as Mode[]) {
      for (const part of Object.keys(PARTS) as Part[]) {
        await this.#startAgent(mode, part, url, signal);
      }
    }
    return api;
  }

  /** Seconds of CPU time that an agent of the mode took so far, its hosts not included; the mean. */
  async cpuSeconds(mode: Mode): Promise<number> {
    const pids = this.#children.agents.filter(({ name }) => name.startsWith(`${mode}-`));
    const usage = Object.values(await pidusage(pids.map(({ pid }) => pid)));
    return mean(usage.map(({ ctime }) => ctime / 1000));
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
    const child = await Child.start({
      name: 'control plane',
      command: process.execPath,
      args: [program],
      cwd: dirname(program),
      env: { ...environment(), ...controlPlaneSettings({ redisUrl, token, port: 0 }) },
      logFile: join(this.#folder, 'control-plane.log'),
      stopBy: 'stdin-end',
    });
    this.#children.planes.push(child);
    return new BenchApi({ url: await child.ready(jsonLine('listening'), READY_MS, signal), token });
  }

  /** A prefix, and so a wineserver, of its own; both on the part's core. */
  async #startAgent(mode: Mode, part: Part, redisUrl: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { prefixTemplate, nodeExe } = windowsToolchain();
    const agentId = `${mode}-${part}`;
    const prefixDir = join(this.#folder, agentId, 'prefix');
    const spoolFolder = join(this.#folder, agentId, 'spool');
    await mkdir(spoolFolder, { recursive: true });
    this.#prefixes.push(prefixDir);
    await createPrefix(prefixTemplate, prefixDir);
    const program = findPrograms().agent;
    const labels = Object.entries(labelsOf(mode, part)).map(([name, value]) => `${name}=${value}`);
    const child = await Child.start({
      name: agentId,
      command: 'taskset',
      args: ['-c', PARTS[part], 'wine', nodeExe, program],
      cwd: dirname(program),
      env: {
        ...withReceiver(withoutTelemetry(wineEnvironment(prefixDir)), this.#receivers[mode]),
        ...agentSettings({ redisUrl, agentId, spoolFolder }),
        OVERSOAK_LABELS: labels.join(','),
      },
      logFile: join(this.#folder, `${agentId}.log`),
      stopBy: 'stdin-end',
    });
    this.#children.agents.push(child);
    await child.ready(jsonLine('registered'), READY_MS, signal);
  }
}

/** The control plane tells nothing in any mode: what agents tell is what is measured. */
const environment = () => withoutTelemetry(process.env);

function withoutTelemetry(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(inheritedEnvironment(given));
  return Object.fromEntries(kept.filter(([name]) => !name.startsWith('OTEL_')));
}
