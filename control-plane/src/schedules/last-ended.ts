import type { Verdict } from '@oversoak/contracts';
import { verdictOf } from '../run/soak-state.ts';
import type { Schedules } from '../store/schedules.ts';
import type { Soaks } from '../store/soaks.ts';

/** Entries that are searched: soaks may be active or deleted, ticks may be skipped. */
const LOOK_BACK = 20;

/** How the last ticks of a schedule ended. */
export interface LastEnded {
  /** Of the newest ended tick; inconclusive if its soak was refused; null: none has ended. */
  verdict: Verdict | null;
  /** The newest soak that is done. */
  soakId: string | null;
}

export async function lastEnded(
  name: string,
  { schedules, soaks }: { schedules: Pick<Schedules, 'entries'>; soaks: Pick<Soaks, 'get'> },
): Promise<LastEnded> {
  let verdict: Verdict | null = null;
  for (const { outcome, soakId } of await schedules.entries(name, null, LOOK_BACK)) {
    if (outcome === 'refused') verdict ??= 'inconclusive';
    const soak = soakId === null ? null : await soaks.get(soakId);
    const ended = soak && verdictOf(soak);
    if (ended !== null) return { verdict: verdict ?? ended, soakId };
  }
  return { verdict, soakId: null };
}
