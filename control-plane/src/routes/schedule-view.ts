import type { Schedule, ScheduleEntry } from '@oversoak/contracts';
import { verdictOf } from '../run/soak-state.ts';
import { nextTick } from '../schedules/cron.ts';
import { findStoppedReason } from '../schedules/stopped-reason.ts';
import type { Schedules, StoredEntry, StoredSchedule } from '../store/schedules.ts';
import type { Soaks } from '../store/soaks.ts';

/** The entry with the verdict of its soak. */
async function entryView(
  { request: _, ...entry }: StoredEntry,
  soaks: Pick<Soaks, 'get'>,
): Promise<ScheduleEntry> {
  const soak = entry.soakId === null ? null : await soaks.get(entry.soakId);
  return { ...entry, verdict: soak && verdictOf(soak) };
}

export async function historyView(
  name: string,
  beforeMs: number | null,
  limit: number,
  { schedules, soaks }: { schedules: Schedules; soaks: Soaks },
): Promise<ScheduleEntry[]> {
  const entries = await schedules.entries(name, beforeMs, limit);
  return await Promise.all(entries.map((entry) => entryView(entry, soaks)));
}

/** The webhook's secret is never shown. */
export async function scheduleView(
  stored: StoredSchedule,
  stores: { schedules: Schedules; soaks: Soaks; nowMs: () => Promise<number> },
): Promise<Schedule> {
  const { schedule, tickedUntilMs } = stored;
  const { name, cron, timeZone, enabled, webhook } = schedule;
  const [last = null] = await historyView(name, null, 1, stores);
  return {
    ...schedule,
    webhook: webhook === undefined ? null : { url: webhook.url, on: webhook.on },
    nextAtMs: enabled ? nextTick(cron, timeZone, tickedUntilMs) : null,
    last,
    stopped: await findStoppedReason(stored, stores.schedules, await stores.nowMs()),
  };
}
