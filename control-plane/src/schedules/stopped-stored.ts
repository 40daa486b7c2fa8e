import type { Schedules, StoredSchedule } from '../store/schedules.ts';
import { stoppedReason } from './stopped.ts';

/** Manual and confirming runs may lie between the ticks that are looked at. */
const LOOK_BACK = 30;

/** Why the schedule makes no soaks, though it is enabled; null: it makes them. */
export async function stoppedStored(
  stored: StoredSchedule,
  schedules: Pick<Schedules, 'entries'>,
  nowMs: number,
): Promise<string | null> {
  const entries = await schedules.entries(stored.schedule.name, null, LOOK_BACK);
  return stoppedReason(stored, entries, nowMs);
}
