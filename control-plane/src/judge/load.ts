import { type Load, UNSENT_CAUSE_NAMES, UNSENT_TEXTS, type UnsentCause } from '@oversoak/contracts';
import { countText } from './text.ts';

/** The counts of due messages that a rate is computed from. */
export type Rated = Pick<Load, 'due' | 'sent' | 'afterEnd' | 'unsent'>;

/** Causes requested by the spec itself, not caused by the server or the fleet. */
const WANTED: readonly UnsentCause[] = ['churn', 'slowReader'];

/** With fewer messages, a single one is more than a percent. */
export const MIN_MESSAGES = 100;

/** Messages that should have been sent. */
export function wantedOf({ due, unsent }: Rated): number {
  return due - WANTED.reduce((sum, cause) => sum + unsent[cause], 0);
}

/** Messages that were sent before the measurement, or the window in which they were due, was over. */
export function sentInTime({ sent, afterEnd }: Pick<Rated, 'sent' | 'afterEnd'>): number {
  return sent - afterEnd;
}

/** Percentage of the messages that should have been sent and were; 0 if there were none. */
export function achievedPercent(load: Rated): number {
  const wanted = wantedOf(load);
  return wanted === 0 ? 0 : (sentInTime(load) / wanted) * 100;
}

/** More messages that the spec itself keeps from being sent, as a share of those due, are mentioned. */
const KEPT_SHARE = 0.01;

/** What the spec itself kept from being sent. */
export function keptByTheSpec(load: Rated): string[] {
  if (load.due - wantedOf(load) <= KEPT_SHARE * load.due) return [];
  const causes = WANTED.filter((cause) => load.unsent[cause] > 0).map(
    (cause) => `${countText(load.unsent[cause])} ${UNSENT_TEXTS[cause]}`,
  );
  const sent = `${countText(sentInTime(load))} of ${countText(load.due)} messages due were sent`;
  return [`${sent}, as the spec asks for: ${causes.join(', ')}`];
}

/** Due messages that the fleet sent late or never reached: the generator's fault. */
export function fleetFaults({ late, unsent }: Pick<Load, 'late' | 'unsent'>): number {
  return late + unsent.fleet;
}

/** "500 had no connected session, 3 waited for room …": why messages never left; empty: none. */
export function unsentText({ unsent, afterEnd }: Rated): string {
  const causes = UNSENT_CAUSE_NAMES.filter(
    (cause) => unsent[cause] > 0 && !WANTED.includes(cause),
  ).map((cause) => `${countText(unsent[cause])} ${UNSENT_TEXTS[cause]}`);
  const after = `${countText(afterEnd)} waited for room past the end`;
  return [...(afterEnd === 0 ? [] : [after]), ...causes].join(', ');
}
