import type { ScheduleInput } from '@oversoak/contracts';
import type { Schedules, StoredSchedule } from '../store/schedules.ts';

/** Whether the change moves ticks, so that ticks due before it no longer count. */
function movesTicks(before: StoredSchedule | null, after: ScheduleInput): boolean {
  const was = before?.schedule;
  return (
    was?.cron !== after.cron || was.timeZone !== after.timeZone || was.enabled !== after.enabled
  );
}

/**
 * Replaces a schedule atomically. `refuse` throws if the change is not allowed; it is called with
 * the version that is actually replaced. `full`: there are as many schedules as may be.
 */
export async function changeSchedule(
  name: string,
  put: ScheduleInput,
  revision: string,
  nowMs: number,
  refuse: (before: StoredSchedule | null) => void,
  schedules: Pick<Schedules, 'get' | 'put'>,
): Promise<'created' | 'replaced' | 'full'> {
  const updatedAtMs = Math.floor(nowMs);
  for (;;) {
    const before = await schedules.get(name);
    refuse(before);
    const createdAtMs = before?.schedule.createdAtMs ?? updatedAtMs;
    const schedule = { name, ...put, createdAtMs, updatedAtMs };
    const tickedUntilMs = movesTicks(before, put) ? updatedAtMs : null;
    const stored = await schedules.put(before, schedule, revision, tickedUntilMs);
    if (stored === 'full') return 'full';
    if (stored === 'stored') return before === null ? 'created' : 'replaced';
  }
}
