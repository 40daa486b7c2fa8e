// How much the process around a server grows with and without garbage collection. Source of the
// figures in docs/decisions/server-memory.md.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createPrefix, stopPrefix, windowsToolchain, wineNode } from '@oversoak/agent/wine';
import { driftOf } from '@oversoak/control-plane/judge/drift';
import Table from 'cli-table3';
import { Child } from 'oversoak/cluster';
import type { HostSeries, Point } from './variants.ts';

const HOSTS_MAIN = fileURLToPath(import.meta.url.replace(/bench(\.[jt]s)$/, 'hosts-main$1'));
const MIB = 1024 ** 2;
/** By then the server's threads, sessions and histograms have touched the memory that they use. */
const FROM_SECONDS = 240;
/** Added to the measurement: eight processes start under Wine and end. */
const MAX_BESIDE_MS = 120_000;

export async function benchHostMemory(minutes: number, signal: AbortSignal): Promise<void> {
  const series = await soak(minutes * 60, signal);
  const table = new Table({
    head: ['host', 'process MiB/h (95 %)', 'grown KiB', 'server MiB/h (95 %)', 'grown KiB'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { variant, resident, own } of series) {
    table.push([variant, ...cellsOf(resident), ...cellsOf(own)]);
  }
  console.log(
    `Host processes of a sound server in parallel, ${minutes} minutes, from the fifth minute on:`,
  );
  console.log(table.toString());
  console.log(
    '"process": all resident memory; "server": what the server added, as verdicts use it.',
  );
  console.log('Measured under Wine on Linux.');
}

async function soak(seconds: number, signal: AbortSignal): Promise<HostSeries[]> {
  const { prefixTemplate, prefixesDir } = windowsToolchain();
  await mkdir(prefixesDir, { recursive: true });
  const folder = await mkdtemp(join(prefixesDir, 'bench-'));
  const prefixDir = join(folder, 'prefix');
  const resultFile = join(folder, 'series.json');
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
      // The process does not read its input.
      stopMs: 0,
    });
    const within = delay(seconds * 1000 + MAX_BESIDE_MS, 'did not end', { signal });
    const end = await Promise.race([child.ended, within]);
    if (end !== 'ended with exit code 0') {
      throw new Error(`the hosts ${end}: ${await readFile(join(folder, 'hosts.log'), 'utf8')}`);
    }
    return JSON.parse(await readFile(resultFile, 'utf8')) as HostSeries[];
  } finally {
    await child?.stop();
    await stopPrefix(prefixDir);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Slope with its interval, and the growth from the first to the last point. */
function cellsOf(points: readonly Point[]): string[] {
  const settled = points.filter(({ sinceStartSeconds }) => sinceStartSeconds >= FROM_SECONDS);
  const drift = driftOf('workingSet', minima(settled), settled.length);
  const [slope, low, high] = [drift.slope, drift.low, drift.high].map((each) =>
    each === null ? '?' : (each / MIB).toFixed(2),
  );
  const grown = (settled.at(-1)?.bytes ?? Number.NaN) - (settled[0]?.bytes ?? Number.NaN);
  return [`${slope} (${low} to ${high})`, (grown / 1024).toFixed(0)];
}

/** At most sixty points: the minimum of each of sixty equal stretches. */
function minima(points: readonly Point[]) {
  const each = Math.max(1, Math.ceil(points.length / 60));
  const stretches = Map.groupBy(points, (_, index) => Math.floor(index / each));
  return [...stretches.values()].map((stretch) => ({
    atHours: (stretch.at(-1)?.sinceStartSeconds ?? 0) / 3600,
    value: Math.min(...stretch.map(({ bytes }) => bytes)),
  }));
}
