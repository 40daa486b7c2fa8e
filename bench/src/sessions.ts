// Five thousand sessions under each notification model: the preset on a private cluster.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Comparison } from '@oversoak/contracts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Runs `oversoak demo` with the preset; returns whether every message is accounted for. `redisUrl`:
 * instead of a Redis of its own, which does not run on Windows.
 */
export async function benchSessions(
  redisUrl: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'oversoak-bench-'));
  try {
    const file = join(folder, 'comparison.json');
    const preset = join(root, 'presets', 'models-at-5000.yaml');
    const redis = redisUrl === undefined ? [] : ['--redis', redisUrl];
    const command = [join(root, 'cli/dist/src/main.js'), 'demo', preset, '--json', file, ...redis];
    const demo = spawn(process.execPath, command, { stdio: 'inherit' });
    const interrupt = () => demo.kill('SIGINT');
    signal.addEventListener('abort', interrupt);
    const [code] = await once(demo, 'exit');
    signal.removeEventListener('abort', interrupt);
    signal.throwIfAborted();
    const comparison: Comparison = JSON.parse(await readFile(file, 'utf8'));
    for (const { key, ledger } of comparison.cells) {
      const { sent, echoed, inFlight, lostOnClose, balanced } = ledger;
      const sum = `${sent} sent = ${echoed} echoed + ${inFlight} in flight + ${lostOnClose} lost`;
      console.log(`${key}: ${sum}${balanced ? '' : ' DOES NOT BALANCE'}`);
    }
    return code === 0 && comparison.cells.every(({ ledger }) => ledger.balanced);
  } finally {
    await rm(folder, { recursive: true });
  }
}
