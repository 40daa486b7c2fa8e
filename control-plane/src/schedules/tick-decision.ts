import type { Overlap, TickCause } from '@oversoak/contracts';
import prettyMs from 'pretty-ms';
import { type DueTick, MISSED_COUNTED } from './cron.ts';

/** The outcome of a tick. */
export interface Decision {
  cause: Extract<TickCause, 'tick' | 'late'>;
  outcome: 'pending' | 'skipped';
  note: string;
}

/** The schedule's most recent soak. */
export interface LastSoak {
  soakId: string;
  done: boolean;
}

/** A tick handled later than this is `late`: no control plane was running when it was due. */
export const LATE_AFTER_MS = 60_000;

/** The two largest units, down to minutes: `3h 5m`. */
export function lateText(lateMs: number): string {
  return prettyMs(lateMs, { unitCount: 2, hideSeconds: true, hideYear: true });
}

/** Pure: decides about a tick that is processed at `nowMs`, Redis time. */
export function decideTick(
  due: DueTick,
  overlap: Overlap,
  last: LastSoak | null,
  nowMs: number,
): Decision {
  const lateMs = nowMs - due.tickAtMs;
  const cause = lateMs > LATE_AFTER_MS ? 'late' : 'tick';
  const blocked = overlap === 'skip' && last !== null && !last.done;
  const notes = [
    ...(cause === 'late' ? [`${lateText(lateMs)} late: no control plane was running in time`] : []),
    ...(due.missed === 0 ? [] : [missedText(due.missed)]),
    ...(blocked ? [`${last.soakId} is not done`] : []),
  ];
  return { cause, outcome: blocked ? 'skipped' : 'pending', note: notes.join('; ') };
}

function missedText(missed: number): string {
  const count = missed >= MISSED_COUNTED ? `at least ${MISSED_COUNTED}` : String(missed);
  return missed === 1 ? '1 tick before it was missed' : `${count} ticks before it were missed`;
}
