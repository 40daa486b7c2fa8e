// Runs the Windows Node under Wine in a private prefix that is removed afterwards.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { follow } from './follow.ts';
import { wineNode } from './node.ts';
import { createPrefix, stopPrefix } from './prefix.ts';
import { windowsToolchain } from './toolchain.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface PrivateRun {
  /** Arguments of the Windows Node. */
  argv: readonly string[];
  /** In addition to this process's environment. */
  env?: Record<string, string>;
  /**
   * How a signal to this process ends the program, which receives no signals: `kill` at once, or an
   * orderly end by closing its input, followed by a kill after `stopMs`.
   */
  stop: 'kill' | { stopMs: number };
}

/**
 * Passes the output through. Resolves with the exit code; after a kill by a signal: 128 plus its
 * number.
 */
export async function runPrivately(run: PrivateRun): Promise<number> {
  const { prefixTemplate, prefixesDir } = windowsToolchain();
  await mkdir(prefixesDir, { recursive: true });
  const prefixDir = await mkdtemp(join(prefixesDir, 'run-'));
  const stopping = new AbortController();
  for (const signal of SIGNALS) process.on(signal, () => stopping.abort(signal));
  try {
    await createPrefix(prefixTemplate, prefixDir);
    if (stopping.signal.aborted) return killedBy(stopping.signal.reason);
    return await runNode(run, prefixDir, stopping.signal);
  } finally {
    await stopPrefix(prefixDir);
  }
}

// Output goes through files; see wineNode.
async function runNode(run: PrivateRun, prefixDir: string, signal: AbortSignal): Promise<number> {
  const { command, args, env } = wineNode({ prefixDir });
  const output = [join(prefixDir, 'stdout'), join(prefixDir, 'stderr')] as const;
  const [stdout, stderr] = [await open(output[0], 'a'), await open(output[1], 'a')];
  const child = spawn(command, [...args, ...run.argv], {
    env: { ...env, ...run.env },
    stdio: [run.stop === 'kill' ? 'ignore' : 'pipe', stdout.fd, stderr.fd],
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  // The program may have closed its input already.
  child.stdin?.on('error', () => undefined);
  let killed = false;
  const stop = async () => {
    if (run.stop !== 'kill') {
      child.stdin?.end();
      const overdue = delay(run.stop.stopMs, true, { ref: false });
      if ((await Promise.race([ended, overdue])) !== true) return;
    }
    killed = child.kill('SIGKILL');
  };
  signal.addEventListener('abort', () => void stop());
  if (signal.aborted) await stop();
  const unfollow = [follow(output[0], process.stdout), follow(output[1], process.stderr)];
  const code = await ended;
  for (const end of unfollow) end();
  await Promise.all([stdout.close(), stderr.close()]);
  return killed ? killedBy(signal.reason) : (code ?? 1);
}

function killedBy(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
