import { type CellDifference, cellKey } from '@oversoak/contracts';
import { distinct } from '../judge/pooled.ts';
import type { RunRecord } from '../run/record.ts';
import type { Runs } from '../store/runs.ts';
import type { SoakRecord, Soaks } from '../store/soaks.ts';
import { cellsOf } from '../submit/expand.ts';
import { cellDifference, type ObservedCell } from './difference.ts';
import { type Noise, noiseOf } from './noise.ts';
import { sharedWindowSeconds } from './observations.ts';
import { observeCell } from './observe-stored.ts';
import { membersText } from './observed.ts';

type StoredRuns = Pick<Runs, 'getAll' | 'result'>;

/** How far back the newest A/A soak of a gang is looked for. */
const MOST_SOAKS = 1000;

/** Cells of an A/A soak that are the same. */
interface ObservedTwins {
  left: ObservedCell;
  right: ObservedCell;
}

async function observeTwins(
  soak: SoakRecord,
  records: readonly RunRecord[],
  runs: StoredRuns,
): Promise<ObservedTwins[]> {
  const windowSeconds = sharedWindowSeconds([soak.spec]);
  const observed = (key: string) => observeCell(key, records, windowSeconds, runs);
  const twins: ObservedTwins[] = [];
  for (const cell of cellsOf(soak.spec).filter(({ twin }) => twin === 'a')) {
    const right = cellKey({ ...cell, twin: 'b' });
    twins.push({ left: await observed(cellKey(cell)), right: await observed(right) });
  }
  return twins;
}

/** The one gang that all of these ran on; null: none, or several. */
export function gangOf(cells: readonly ObservedCell[]): string | null {
  const gangs = distinct(cells.flatMap(({ runs }) => runs.map(({ gang }) => gang)));
  return gangs.length === 1 ? (gangs[0] ?? null) : null;
}

const both = (twins: readonly ObservedTwins[]) => twins.flatMap(({ left, right }) => [left, right]);

function noiseOn(gang: string, soakId: string, twins: readonly ObservedTwins[]): Noise {
  const onGang = ({ runs }: ObservedCell) => runs.filter((run) => run.gang === gang);
  return noiseOf(
    soakId,
    twins.map(({ left, right }) => ({ left: onGang(left), right: onGang(right) })),
  );
}

/** The cells of an A/A soak against their twins; of another soak none. */
export async function compareTwins(soak: SoakRecord, runs: StoredRuns): Promise<CellDifference[]> {
  if (!soak.spec.noiseFloor) return [];
  const twins = await observeTwins(soak, await runs.getAll(soak.runIds), runs);
  const gang = gangOf(both(twins));
  const noise = gang === null ? null : noiseOn(gang, soak.soakId, twins);
  return twins.map(({ left, right }) => cellDifference(left, right, noise));
}

/** The noise of a gang by its newest A/A soak that is done; null: it has none that tells it. */
export async function findNoise(
  gang: string,
  { soaks, runs }: { soaks: Pick<Soaks, 'newest'>; runs: StoredRuns },
): Promise<Noise | null> {
  for await (const { soak, progress } of soaks.newest(MOST_SOAKS)) {
    if (!soak.spec.noiseFloor || progress.done < soak.runIds.length) continue;
    const records = await runs.getAll(soak.runIds);
    // What would be read in vain is not read at all.
    if (!records.some((run) => gang.startsWith(`${membersText(run.gang)} (`))) continue;
    const noise = noiseOn(gang, soak.soakId, await observeTwins(soak, records, runs));
    if (Object.keys(noise.metrics).length > 0) return noise;
  }
  return null;
}
