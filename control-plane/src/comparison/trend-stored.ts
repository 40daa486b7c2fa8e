import type { Trend } from '@oversoak/contracts';
import type { Runs } from '../store/runs.ts';
import type { SoakRecord, Soaks } from '../store/soaks.ts';
import { compareStored } from './compare-stored.ts';
import { differingFields } from './difference-notes.ts';
import { type Night, trendOf } from './trend.ts';

export interface TrendStores {
  soaks: Pick<Soaks, 'newest'>;
  runs: Pick<Runs, 'getAll' | 'result'>;
}

/** How far back the soaks of a schedule are looked for, among those of all. */
const MOST_SOAKS = 1000;

interface Ticked {
  soak: SoakRecord;
  tickAtMs: number;
}

/** The newest soaks of a schedule that are done, newest first. */
async function soaksOf(schedule: string, most: number, soaks: TrendStores['soaks']) {
  const found: Ticked[] = [];
  for await (const { soak, progress } of soaks.newest(MOST_SOAKS)) {
    const { origin } = soak;
    if (origin.kind !== 'schedule' || origin.schedule !== schedule) continue;
    if (progress.done < soak.runIds.length) continue;
    found.push({ soak, tickAtMs: origin.tickAtMs });
    if (found.length === most) break;
  }
  return found;
}

/** The trend of a schedule over its newest soaks; null: none of them is known to be done. */
export async function trendStored(
  schedule: string,
  most: number,
  stores: TrendStores,
): Promise<Trend | null> {
  const found = await soaksOf(schedule, most, stores.soaks);
  const [newest] = found;
  if (newest === undefined) return null;
  const like = found.filter(
    ({ soak }) => differingFields(newest.soak.spec, soak.spec).length === 0,
  );
  const nights: Night[] = [];
  for (const { soak, tickAtMs } of like.toReversed()) {
    nights.push({
      soakId: soak.soakId,
      tickAtMs,
      comparison: await compareStored(soak, stores.runs),
    });
  }
  const others = found.length - like.length;
  const notes =
    others === 0 ? [] : [`soaks of another spec than the newest are left out: ${others}`];
  return trendOf(schedule, nights, notes);
}
