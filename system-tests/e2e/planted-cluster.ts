import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { siblingModule } from '@oversoak/testing/repository';
import type { ApiAddress } from 'oversoak/api/client';
import {
  type AgentMachine,
  makeClusterFolder,
  openAgentMachine,
} from 'oversoak/cluster/agent-machine';
import { Child } from 'oversoak/cluster/child';
import {
  agentSettings,
  controlPlaneSettings,
  inheritedEnvironment,
} from 'oversoak/cluster/environment';
import { jsonLine } from 'oversoak/cluster/log-file';
import { findPrograms } from 'oversoak/cluster/programs';
import { startRedis } from 'oversoak/cluster/redis';
import { readConfig } from 'oversoak/shell/config';

const TOKEN = 'a-token-of-the-tests-of-oversoak';
/** Beyond what a start takes; the machine may be busy with other tests. */
const READY_MS = 120_000;
const ENGINE = fileURLToPath(siblingModule(import.meta.url, 'inside/planted-engine'));

/** Redis, a control plane and one Wine agent of two slots, whose engine has planted probes. */
export class PlantedCluster {
  readonly agentId = 'planted';
  readonly folder: string;
  readonly #children: Child[] = [];
  #machine: AgentMachine | null = null;
  #address: ApiAddress | null = null;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(): Promise<PlantedCluster> {
    const cluster = new PlantedCluster(
      await makeClusterFolder({ wine: process.platform !== 'win32' }),
    );
    try {
      await cluster.#start();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get address(): ApiAddress {
    if (this.#address === null) throw new Error('the cluster is not started');
    return this.#address;
  }

  async #start(): Promise<void> {
    const environment = inheritedEnvironment(readConfig().environment);
    const { signal } = new AbortController();
    const started = (child: Child) => this.#children.unshift(child);
    const redis = { folder: join(this.folder, 'redis'), environment, signal, started };
    const { url: redisUrl } = await startRedis(redis);
    const programs = findPrograms();
    const plane = await Child.start({
      name: 'control plane',
      command: process.execPath,
      args: [programs.controlPlane],
      cwd: dirname(programs.controlPlane),
      env: { ...environment, ...controlPlaneSettings({ redisUrl, token: TOKEN, port: 0 }) },
      logFile: join(this.folder, 'control-plane.log'),
      stopBy: 'stdin-end',
    });
    started(plane);
    const url = await plane.ready(jsonLine('listening'), READY_MS, signal);
    this.#address = { url, token: TOKEN };
    const agent = await this.#startAgent(programs.agent, redisUrl, environment);
    started(agent);
    await agent.ready(jsonLine('registered'), READY_MS, signal);
  }

  async #startAgent(
    program: string,
    redisUrl: string,
    environment: NodeJS.ProcessEnv,
  ): Promise<Child> {
    const folder = join(this.folder, this.agentId);
    const spoolFolder = join(folder, 'spool');
    await mkdir(spoolFolder, { recursive: true });
    const machine = await openAgentMachine(folder, environment, 'windows');
    this.#machine = machine;
    return await Child.start({
      name: this.agentId,
      command: machine.command,
      args: [...machine.args, program],
      cwd: dirname(program),
      env: {
        ...inheritedEnvironment(machine.env),
        ...agentSettings({ redisUrl, agentId: this.agentId, spoolFolder }),
        OVERSOAK_SLOTS: '2',
        OVERSOAK_ENGINE: ENGINE,
      },
      logFile: join(folder, 'agent.log'),
      stopBy: 'stdin-end',
    });
  }

  /** The agent first, as it was started last. */
  async stop(): Promise<void> {
    for (const child of this.#children) await child.stop();
    await this.#machine?.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
