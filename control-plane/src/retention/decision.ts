import { SETTINGS } from '@oversoak/contracts';

/** How long what is done is kept. Ages count from the end of a soak, or from its import. */
export interface Retention {
  days: number;
  /** The newest so many are kept, the pinned ones beside them. */
  soaks: number;
  /** The samples of each second; the windows in the result stay as long as the soak. */
  samplesDays: number;
}

export const RETENTION: Retention = {
  days: SETTINGS.OVERSOAK_RETENTION_DAYS.default,
  soaks: SETTINGS.OVERSOAK_RETENTION_SOAKS.default,
  samplesDays: SETTINGS.OVERSOAK_RETENTION_SAMPLES_DAYS.default,
};

/** What the decision needs of a soak that is done. */
export interface DoneSoak {
  soakId: string;
  endedAtMs: number;
  samplesDeleted: boolean;
}

/** Ids of soaks, each in one list at most. */
export interface Expired {
  soaks: string[];
  samples: string[];
}

const DAY_MS = 86_400_000;

/** What goes: soaks too old or too many, never a pinned one; of those that stay, old samples. */
export function expired(
  done: readonly DoneSoak[],
  pinned: ReadonlySet<string>,
  { days, soaks, samplesDays }: Retention,
  nowMs: number,
): Expired {
  const older = (soak: DoneSoak, thanDays: number) => nowMs - soak.endedAtMs > thanDays * DAY_MS;
  const newestFirst = done
    .filter(({ soakId }) => !pinned.has(soakId))
    .sort((a, b) => b.endedAtMs - a.endedAtMs || (a.soakId < b.soakId ? 1 : -1));
  const gone = newestFirst.filter((soak, place) => place >= soaks || older(soak, days));
  const goes = new Set(gone.map(({ soakId }) => soakId));
  const withOldSamples = done.filter(
    (soak) => !goes.has(soak.soakId) && !soak.samplesDeleted && older(soak, samplesDays),
  );
  return { soaks: [...goes], samples: withOldSamples.map(({ soakId }) => soakId) };
}
