import type { Log } from '../model/log.ts';
import type { SoakRecord, Soaks, StoredSoak } from '../store/soaks.ts';
import { type DoneSoak, expired, type Retention } from './decision.ts';

export interface RetainDeps {
  soaks: Pick<Soaks, 'get' | 'newest' | 'delete' | 'deleteSamples'>;
  /** Ids of the soaks that baselines pin. */
  pinned: () => Promise<ReadonlySet<string>>;
  retention: Retention;
  nowMs: () => Promise<number>;
  log: Log;
}

function doneSoak({ soak, progress }: StoredSoak): DoneSoak[] {
  const { endedAtMs, samplesDeleted } = progress;
  if (endedAtMs === null || progress.done < soak.runIds.length) return [];
  return [{ soakId: soak.soakId, endedAtMs, samplesDeleted }];
}

/** Deletes expired soaks and samples, one soak at a time. */
export async function retain({ soaks, pinned, retention, nowMs, log }: RetainDeps) {
  const done: DoneSoak[] = [];
  for await (const stored of soaks.newest()) done.push(...doneSoak(stored));
  const gone = expired(done, await pinned(), retention, await nowMs());
  const each = async (soakIds: string[], deletes: (soak: SoakRecord) => Promise<unknown>) => {
    for (const soakId of soakIds) {
      const stored = await soaks.get(soakId);
      if (stored !== null) await deletes(stored.soak);
    }
  };
  await each(gone.soaks, async (soak) => {
    const { soakId } = soak;
    if (await soaks.delete(soak)) log.info({ soakId }, 'soak deleted: older or more than kept');
  });
  await each(gone.samples, (soak) => soaks.deleteSamples(soak));
}
