// What keeps the process around a server still, and by how much it grows without. The figures of
// docs/decisions/server-memory.md.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createPrefix, stopPrefix, windowsToolchain, wineNode } from '@oversoak/agent/wine';
import { driftOf } from '@oversoak/control-plane/judge/drift';
import Table from 'cli-table3';
import { Child } from 'oversoak/cluster';
import type { Point, Told } from './variants.ts';

const HOSTS_MAIN = fileURLToPath(new URL('./hosts-main.js', import.meta.url));
const MIB = 1024 ** 2;
/** Until the server's own threads, sessions and histograms have touched what they use. */
const FROM_SECONDS = 240;
/** Beside the measurement: eight processes start under Wine, and end. */
const MAX_BESIDE_MS = 120_000;

export async function benchHostMemory(minutes: number, signal: AbortSignal): Promise<void> {
  const told = await soak(minutes * 60, signal);
  const table = new Table({
    head: ['host', 'process MiB/h (95 %)', 'grown KiB', 'server MiB/h (95 %)', 'grown KiB'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { variant, resident, own } of told) {
    table.push([variant, ...cellsOf(resident), ...cellsOf(own)]);
  }
  console.log(`Hosts of a sound server side by side, ${minutes} minutes, from the fifth on:`);
  console.log(table.toString());
  console.log('"process": all that is resident; "server": what the server added, as it is judged.');
  console.log('Taken under Wine on Linux.');
}

async function soak(seconds: number, signal: AbortSignal): Promise<Told[]> {
  const { prefixTemplate, prefixesDir } = windowsToolchain();
  await mkdir(prefixesDir, { recursive: true });
  const folder = await mkdtemp(join(prefixesDir, 'bench-'));
  const prefixDir = join(folder, 'prefix');
  const resultFile = join(folder, 'told.json');
  let child: Child | undefined;
  try {
    await createPrefix(prefixTemplate, prefixDir);
    const { command, args, env } = wineNode({ prefixDir });
    child = await Child.start({
      name: 'hosts',
      command,
      args: [...args, HOSTS_MAIN, String(seconds), resultFile],
      cwd: folder,
      env,
      logFile: join(folder, 'hosts.log'),
      stopBy: 'stdin-end',
      // It does not read its input.
      stopMs: 0,
    });
    const within = delay(seconds * 1000 + MAX_BESIDE_MS, 'did not end', { signal });
    const end = await Promise.race([child.ended, within]);
    if (end !== 'ended with exit code 0') {
      throw new Error(`the hosts ${end}: ${await readFile(join(folder, 'hosts.log'), 'utf8')}`);
    }
    return JSON.parse(await readFile(resultFile, 'utf8')) as Told[];
  } finally {
    await child?.stop();
    await stopPrefix(prefixDir);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Slope with its interval, and how much the last point lies above the first. */
function cellsOf(points: readonly Point[]): string[] {
  const settled = points.filter(({ sinceStartSeconds }) => sinceStartSeconds >= FROM_SECONDS);
  const drift = driftOf('workingSet', minima(settled), settled.length);
  const [slope, low, high] = [drift.slope, drift.low, drift.high].map((each) =>
    each === null ? '?' : (each / MIB).toFixed(2),
  );
  const grown = (settled.at(-1)?.bytes ?? Number.NaN) - (settled[0]?.bytes ?? Number.NaN);
  return [`${slope} (${low} to ${high})`, (grown / 1024).toFixed(0)];
}

/** Sixty at the most: what was reached at least in stretches of the same length. */
function minima(points: readonly Point[]) {
  const each = Math.max(1, Math.ceil(points.length / 60));
  const stretches = Map.groupBy(points, (_, index) => Math.floor(index / each));
  return [...stretches.values()].map((stretch) => ({
    atHours: (stretch.at(-1)?.sinceStartSeconds ?? 0) / 3600,
    value: Math.min(...stretch.map(({ bytes }) => bytes)),
  }));
}
