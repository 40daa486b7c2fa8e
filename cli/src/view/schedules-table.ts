import type { Schedule, ScheduleEntry } from '@oversoak/contracts';
import { NONE } from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { verdictText } from './cell-text.ts';
import { plainTable } from './plain-table.ts';

const GAP = 2;

/** `2027-03-28 02:00 GMT+2`, local time of the zone. */
export function momentIn(timeZone: string, atMs: number): string {
  // The Swedish locale formats dates as ISO 8601.
  const clock = new Intl.DateTimeFormat('sv', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const zone = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' })
    .formatToParts(atMs)
    .find(({ type }) => type === 'timeZoneName');
  return `${clock.format(atMs)} ${zone?.value ?? ''}`.trimEnd();
}

/** The schedules with their next tick and last outcome; below the table, the stopped ones. */
export function schedulesTable(schedules: readonly Schedule[], colors: Colors): string {
  if (schedules.length === 0) return 'There is no schedule.';
  const head = ['name', 'cron', 'zone', 'next', 'last'].map((title) => colors.bold(title));
  const rows = schedules.map(({ name, cron, timeZone, nextAtMs, last }) => [
    name,
    cron,
    timeZone,
    nextAtMs === null ? 'not enabled' : momentIn(timeZone, nextAtMs),
    last === null ? NONE : outcomeText(last, colors),
  ]);
  const stopped = schedules.flatMap((schedule) =>
    schedule.stopped === null
      ? []
      : [colors.red(`${schedule.name} has stopped: ${schedule.stopped}`)],
  );
  return [plainTable({ head, rows, gap: GAP }).text, ...stopped].join('\n');
}

/** The outcome of each tick, in the schedule's time zone. */
export function historyTable(
  entries: readonly ScheduleEntry[],
  timeZone: string,
  colors: Colors,
): string {
  if (entries.length === 0) return 'It has not ticked yet.';
  const head = ['tick', 'cause', 'outcome', 'soak', 'webhook', 'note'];
  const rows = entries.map((entry) => [
    momentIn(timeZone, entry.tickAtMs),
    entry.cause,
    outcomeText(entry, colors),
    entry.soakId ?? NONE,
    entry.webhook ?? NONE,
    entry.note,
  ]);
  return plainTable({ head: head.map((title) => colors.bold(title)), rows, gap: GAP }).text;
}

/** Shows the verdict of a submitted soak, otherwise the outcome of the tick. */
function outcomeText({ outcome, verdict }: ScheduleEntry, colors: Colors): string {
  if (outcome === 'submitted') return verdictText(verdict, colors);
  return outcome === 'refused' ? colors.yellow(outcome) : outcome;
}
