import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ApiAddress } from 'oversoak/api/client';
import { Child } from 'oversoak/cluster/child';
import { enrol } from 'oversoak/cluster/enrol';
import {
  AGENT_ADDRESS,
  agentSettings,
  controlPlaneSettings,
  enrolledAgentSettings,
  inheritedEnvironment,
} from 'oversoak/cluster/environment';
import { jsonLine } from 'oversoak/cluster/log-file';
import { findPrograms } from 'oversoak/cluster/programs';
import { readConfig } from 'oversoak/shell/config';

const TOKEN = 'a-token-of-the-tests-of-oversoak';
/** Beyond what a start takes; the machine may be busy with other tests. */
const READY_MS = 120_000;

/** A control plane and two native agents, on a Redis that the test has and by the settings it gives. */
export class LinuxCluster {
  readonly folder: string;
  readonly address: ApiAddress;
  readonly #children: Child[];

  private constructor(folder: string, url: string, children: Child[]) {
    this.folder = folder;
    this.address = { url, token: TOKEN };
    this.#children = children;
  }

  /**
   * `settings`: of the control plane and of the agents, beyond those of every cluster. `joining`: the
   * agents with an identity of their own; the others have the URL of Redis.
   */
  static async start(
    redisUrl: string,
    settings: { plane: NodeJS.ProcessEnv; agents: NodeJS.ProcessEnv },
    joining: readonly string[] = [],
  ): Promise<LinuxCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'oversoak-linux-cluster-'));
    const environment = inheritedEnvironment(readConfig().environment);
    const { signal } = new AbortController();
    const programs = findPrograms();
    const children: Child[] = [];
    const node = async (name: string, program: string, own: NodeJS.ProcessEnv) => {
      const child = await Child.start({
        ...{ name, command: process.execPath, args: [program], cwd: dirname(program) },
        env: { ...environment, ...own },
        logFile: join(folder, `${name}.log`),
        stopBy: 'stdin-end',
      });
      children.unshift(child);
      return child;
    };
    try {
      const plane = await node('control-plane', programs.controlPlane, {
        ...controlPlaneSettings({ redisUrl, token: TOKEN, port: 0 }),
        ...settings.plane,
      });
      const url = await plane.ready(jsonLine('listening'), READY_MS, signal);
      for (const agentId of ['agent-a', 'agent-b']) {
        const spoolFolder = join(folder, agentId);
        await mkdir(spoolFolder);
        const own = joining.includes(agentId)
          ? await joined({ url, token: TOKEN }, agentId, spoolFolder, signal)
          : agentSettings({ redisUrl, agentId, spoolFolder });
        const agent = await node(agentId, programs.agent, { ...own, ...settings.agents });
        await agent.ready(jsonLine('registered'), READY_MS, signal);
      }
      return new LinuxCluster(folder, url, children);
    } catch (error) {
      await stop(children, folder);
      throw error;
    }
  }

  /** The agents first, as they were started last. */
  stop(): Promise<void> {
    return stop(this.#children, this.folder);
  }
}

/** Lets an agent join, and returns the settings with which it runs. */
async function joined(
  api: ApiAddress,
  agentId: string,
  spoolFolder: string,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const identityFile = `${spoolFolder}.json`;
  const of = { api, agentId, address: AGENT_ADDRESS, targets: [], file: identityFile };
  const reason = await enrol({ ...of, signal });
  if (reason !== null) throw new Error(`${agentId} cannot join: ${reason}`);
  return enrolledAgentSettings({ identityFile, spoolFolder });
}

async function stop(children: readonly Child[], folder: string): Promise<void> {
  for (const child of children) await child.stop();
  await rm(folder, { recursive: true, force: true });
}
