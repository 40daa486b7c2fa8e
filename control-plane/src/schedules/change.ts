import type { ScheduleInput } from '@oversoak/contracts';
import type { Schedules, StoredSchedule } from '../store/schedules.ts';

/** Whether ticks that are due under the one are none of the other's. */
function ticksOtherwise(before: StoredSchedule | null, after: ScheduleInput): boolean {
  const was = before?.schedule;
  return (
    was?.cron !== after.cron || was.timeZone !== after.timeZone || was.enabled !== after.enabled
  );
}

/**
 * Stores what was put in place of what is there. `refuse` throws what is against that, asked of
 * what is really replaced.
 */
export async function changeSchedule(
  name: string,
  put: ScheduleInput,
  revision: string,
  nowMs: number,
  refuse: (before: StoredSchedule | null) => void,
  schedules: Pick<Schedules, 'get' | 'put'>,
): Promise<{ created: boolean }> {
  const updatedAtMs = Math.floor(nowMs);
  for (;;) {
    const before = await schedules.get(name);
    refuse(before);
    const createdAtMs = before?.schedule.createdAtMs ?? updatedAtMs;
    const schedule = { name, ...put, createdAtMs, updatedAtMs };
    const tickedUntilMs = ticksOtherwise(before, put) ? updatedAtMs : null;
    if (await schedules.put(before, schedule, revision, tickedUntilMs)) {
      return { created: before === null };
    }
  }
}
