import { spawnSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createPrefix,
  home,
  stopPrefix,
  windowsToolchain,
  wineEnvironment,
  wineNode,
} from '@oversoak/agent/wine';
import type { Platform } from '@oversoak/contracts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { requireWritable, TEMPORARY } from './prerequisites.ts';

/** How to start Node for one agent, and how to clean up after it. */
export interface AgentMachine {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Ends all processes that the agent may have left. */
  stop(): Promise<void>;
  /** Synchronous variant of `stop` that does not wait. */
  force(): void;
}

/**
 * Creates the folder of the cluster. With Wine it is beside the prefix template, so that copies can
 * be hard links.
 */
export async function makeClusterFolder({ wine }: { wine: boolean }): Promise<string> {
  const parent = wine ? toolchain().prefixesDir : tmpdir();
  const ofCheckout = wine && !home().isInstalled;
  await requireWritable(parent, ofCheckout ? null : wine ? 'XDG_CACHE_HOME' : TEMPORARY);
  return mkdtemp(join(parent, 'cluster-'));
}

/** The machine itself, or for a Windows agent on Linux a private Wine prefix in `folder`. */
export async function openAgentMachine(
  folder: string,
  environment: NodeJS.ProcessEnv,
  platform: Platform,
): Promise<AgentMachine> {
  if (platform === 'linux' || process.platform === 'win32') {
    return {
      command: process.execPath,
      args: [],
      env: environment,
      stop: async () => undefined,
      force: () => undefined,
    };
  }
  const prefixDir = join(folder, 'prefix');
  const { command, args, env } = wineNode({ prefixDir });
  await createPrefix(toolchain().prefixTemplate, prefixDir);
  return {
    command,
    args,
    env,
    stop: () => stopPrefix(prefixDir),
    force: () => {
      spawnSync('wineserver', ['-k'], { env: wineEnvironment(prefixDir), stdio: 'ignore' });
    },
  };
}

function toolchain() {
  try {
    return windowsToolchain();
  } catch (error) {
    throw new CannotRun(messageOf(error));
  }
}
