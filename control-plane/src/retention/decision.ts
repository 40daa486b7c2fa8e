import { SETTINGS } from '@oversoak/contracts';

/** How long finished soaks are kept, counted from their end or import. */
export interface Retention {
  days: number;
  /** The number of newest soaks to keep; pinned soaks do not count. */
  soaks: number;
  /** Samples are per second; the windows in the result are kept as long as the soak. */
  samplesDays: number;
}

export const RETENTION: Retention = {
  days: SETTINGS.OVERSOAK_RETENTION_DAYS.default,
  soaks: SETTINGS.OVERSOAK_RETENTION_SOAKS.default,
  samplesDays: SETTINGS.OVERSOAK_RETENTION_SAMPLES_DAYS.default,
};

/** The facts of a finished soak that the decision needs. */
export interface DoneSoak {
  soakId: string;
  endedAtMs: number;
  samplesDeleted: boolean;
}

/** Ids of soaks, each in at most one list. */
export interface Expired {
  soaks: string[];
  samples: string[];
}

const DAY_MS = 86_400_000;

/** Soaks to delete (too old or too many, never pinned), and kept soaks whose samples are old. */
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
