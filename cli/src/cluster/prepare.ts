// What a cluster needs of the machine. In a checkout the set-up has seen to it; an installed package
// looks for it here, and creates what it can.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { home } from '@oversoak/agent/wine';
import { CannotRun, reasonOf } from '../shell/failure.ts';

/** Programs, and the Debian packages that have them. */
const OF_WINE = { wine: ['wine', 'wine64'], wineserver: ['wine', 'wine64'] };
const OF_REDIS = { 'redis-server': ['redis-server'] };

/** Where agents can run, as Node names it. */
const WINDOWS = 'win32 x64';
const LINUX = 'linux x64';

export interface Machine {
  /** `process.platform` and `process.arch`, with a space between. */
  platform: string;
  has(program: string): boolean;
}

export interface Needs {
  /** The cluster starts a Redis of its own. */
  ownRedis: boolean;
  /** It has agents under Wine. */
  wine: boolean;
}

/** Why no cluster can be started on this machine; null: it can. */
export function whyNoCluster({ platform, has }: Machine, { ownRedis, wine }: Needs): string | null {
  if (platform === WINDOWS) {
    if (!ownRedis || has('redis-server')) return null;
    return 'Redis is missing, which does not run on Windows: give the URL of one (WSL, Docker, another machine) with --redis';
  }
  if (platform !== LINUX) {
    return (
      `agents run on Windows x64 and on Linux x64, not on ${platform}; the commands ` +
      'that use a running cluster (submit, watch, compare, ...) work here'
    );
  }
  const needed: Record<string, string[]> = { ...(wine && OF_WINE), ...(ownRedis && OF_REDIS) };
  const missing = Object.keys(needed).filter((program) => !has(program));
  if (missing.length === 0) return null;
  const packages = [...new Set(missing.flatMap((program) => needed[program] ?? []))];
  return [
    `missing on this machine: ${missing.join(', ')}`,
    'On Debian or Ubuntu, as root:',
    `  apt-get install --no-install-recommends ${packages.join(' ')}`,
    ...(missing.includes('redis-server') ? ['Or give the URL of a Redis with --redis.'] : []),
  ].join('\n');
}

/**
 * Makes an installed package's machine ready for a cluster; in a checkout it does nothing.
 * @throws CannotRun that names what is missing
 */
export async function prepareMachine(
  needs: Needs,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { isInstalled, folder } = home();
  if (!isInstalled) return;
  const platform = `${process.platform} ${process.arch}`;
  const why = whyNoCluster({ platform, has: isOnPath }, needs);
  if (why !== null) throw new CannotRun(why);
  if (needs.wine) await makeWineMachine(folder, say, signal);
}

/**
 * The Windows Node and a Wine prefix, once per user.
 * @param folder of the installed package
 */
export async function makeWineMachine(
  folder: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const script = join(folder, 'deploy', 'setup', 'wine-machine.mjs');
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'], signal });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  createInterface(child.stdout).on('line', say);
  const [code] = await once(child, 'close').catch((error: unknown) => {
    throw reasonOf(error, signal);
  });
  // Ctrl-C ends both.
  signal.throwIfAborted();
  if (code !== 0) throw new CannotRun(errors.join('').trim() || `${script}: exit code ${code}`);
}

function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  return folders.some((folder) => names.some((name) => isExecutable(join(folder, name))));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
