import type { Schedules, StoredEntry, StoredSchedule } from '../store/schedules.ts';
import { nextTick } from './cron.ts';
import { lateText } from './tick-decision.ts';

/** A tick that is overdue by more than this counts as stopped, not as late. */
export const OVERDUE_AFTER_MS = 15 * 60_000;
/** This many consecutive ticks without a soak count as a stopped schedule. */
export const MIN_WITHOUT_SOAK = 3;
/** Entries that are searched; manual and confirming soaks lie between the ticks. */
const LOOK_BACK = 30;

type Ticked = Pick<StoredEntry, 'tickAtMs' | 'cause' | 'outcome' | 'note'>;

const isTick = ({ cause }: Ticked) => cause === 'tick' || cause === 'late';

/** Whether the tick made no soak. A pending submission has some time. */
function hasNoSoak({ outcome, tickAtMs }: Ticked, nowMs: number): boolean {
  if (outcome === 'pending') return nowMs - tickAtMs > OVERDUE_AFTER_MS;
  return outcome !== 'submitted';
}

/**
 * Pure: a readable reason why an enabled schedule has stopped making soaks; null: it has not.
 * `entries`: the newest ones, newest first. After an outage, the control plane takes one late tick
 * at once, and the schedule counts as running again.
 */
export function stoppedReason(
  { schedule, tickedUntilMs }: Pick<StoredSchedule, 'schedule' | 'tickedUntilMs'>,
  entries: readonly Ticked[],
  nowMs: number,
): string | null {
  const { cron, timeZone, enabled } = schedule;
  if (!enabled) return null;
  const dueMs = nextTick(cron, timeZone, tickedUntilMs);
  if (nowMs - dueMs > OVERDUE_AFTER_MS) {
    return `its tick is ${lateText(nowMs - dueMs)} overdue: no control plane processes it`;
  }
  const ticks = entries.filter(isTick).slice(0, MIN_WITHOUT_SOAK);
  const [newest] = ticks;
  if (newest === undefined || ticks.length < MIN_WITHOUT_SOAK) return null;
  if (!ticks.every((tick) => hasNoSoak(tick, nowMs))) return null;
  const why = [newest.outcome, newest.note].filter((text) => text !== '').join(': ');
  return `its last ${MIN_WITHOUT_SOAK} ticks made no soak; the newest is ${why}`;
}

/** Why an enabled schedule has stopped making soaks; null: it has not. */
export async function findStoppedReason(
  stored: StoredSchedule,
  schedules: Pick<Schedules, 'entries'>,
  nowMs: number,
): Promise<string | null> {
  const entries = await schedules.entries(stored.schedule.name, null, LOOK_BACK);
  return stoppedReason(stored, entries, nowMs);
}
