import type { Schedules, StoredSchedule } from '../store/schedules.ts';
import { stoppedReason } from './stopped.ts';

/** Entries that are searched; manual and confirming soaks lie between the ticks. */
const LOOK_BACK = 30;

/** Why an enabled schedule has stopped making soaks; null: it has not. */
export async function stoppedStored(
  stored: StoredSchedule,
  schedules: Pick<Schedules, 'entries'>,
  nowMs: number,
): Promise<string | null> {
  const entries = await schedules.entries(stored.schedule.name, null, LOOK_BACK);
  return stoppedReason(stored, entries, nowMs);
}
