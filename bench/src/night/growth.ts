// Growth of the cluster itself during soaks.
import { readFile } from 'node:fs/promises';
import { driftOf } from '@oversoak/control-plane/judge/drift';
import Table from 'cli-table3';
import pidusage from 'pidusage';
import type { Member } from '../cluster/wine-cluster.ts';

const MS_PER_HOUR = 3_600_000;
const MIB = 1024 ** 2;

interface Reading {
  atMs: number;
  bytes: number;
}

/** Resident memory of the members, read periodically. */
export class Resident {
  readonly #members: readonly Member[];
  readonly #readings = new Map<string, Reading[]>();

  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  async read(): Promise<void> {
    const usage = await pidusage(this.#members.map(({ pid }) => pid));
    for (const { name, pid } of this.#members) {
      const { memory } = usage[pid] ?? {};
      if (memory === undefined) throw new Error(`${name} is gone`);
      const before = this.#readings.get(name) ?? [];
      this.#readings.set(name, [...before, { atMs: Date.now(), bytes: memory }]);
    }
  }

  of(name: string): Reading[] {
    return this.#readings.get(name) ?? [];
  }
}

/** Readings that `heap-log.ts` wrote into a process's log. */
export function heapReadings(log: string): Reading[] {
  return log.split('\n').flatMap((line) => {
    if (!line.startsWith('{"heapAtMs"') || !line.endsWith('}')) return [];
    const { heapAtMs, heapBytes } = JSON.parse(line) as { heapAtMs: number; heapBytes: number };
    return [{ atMs: heapAtMs, bytes: heapBytes }];
  });
}

const mebibytes = (bytes: number) => (bytes / MIB).toFixed(2);

/** Slope per hour with its 95 % interval, computed as in verdicts. */
function slopeText(readings: readonly Reading[]): string {
  const points = readings.map(({ atMs, bytes }) => ({ atHours: atMs / MS_PER_HOUR, value: bytes }));
  const { slope, low, high } = driftOf('workingSet', points, points.length);
  if (slope === null) return 'too few';
  const [from, to] = [low, high].map((bound) => (bound === null ? '?' : mebibytes(bound)));
  return `${mebibytes(slope)} (${from} to ${to})`;
}

/** One line per process, from `fromMs` on. */
export async function growthTable(
  members: readonly Member[],
  resident: Resident,
  fromMs: number,
): Promise<string> {
  const table = new Table({
    head: ['process', 'first MiB', 'last MiB', 'resident MiB/h (95 %)', 'JS heap MiB/h (95 %)'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, logFile } of members) {
    const readings = resident.of(name).filter(({ atMs }) => atMs >= fromMs);
    const [first, last] = [
      readings.at(0)?.bytes ?? Number.NaN,
      readings.at(-1)?.bytes ?? Number.NaN,
    ];
    const heap = logFile === '' ? [] : heapReadings(await readFile(logFile, 'utf8'));
    const heapText = slopeText(heap.filter(({ atMs }) => atMs >= fromMs));
    table.push([
      name,
      mebibytes(first),
      mebibytes(last),
      slopeText(readings),
      logFile === '' ? '' : heapText,
    ]);
  }
  return table.toString();
}
