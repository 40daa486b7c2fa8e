import type { Problem } from '@oversoak/contracts';
import { type CronExpression, CronExpressionParser } from 'cron-parser';
import { LocalTime } from './local-time.ts';

const MS_PER_DAY = 86_400_000;
const HOURS_OF_DAY = 24;

/**
 * The next tick of a pattern after a moment. The pattern is read on the local clock, and each local
 * time is then turned into a moment, because the cron library loses ticks around some changes of
 * the clocks. A local time in a DST gap is shifted by the length of the gap (02:30 ticks at 03:30).
 * A local time that occurs twice ticks the first time, and both times if the pattern is of every
 * hour.
 */
export function nextTick(cron: string, timeZone: string, afterMs: number): number {
  const local = new LocalTime(timeZone);
  // What was skipped shortly before may tick after this moment.
  const fromMs = local.wallMs(afterMs) - (local.changesNear(afterMs) ? MS_PER_DAY : 0);
  const ticks = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: new Date(fromMs) });
  const twice = ticks.fields.hour.values.length === HOURS_OF_DAY;
  let bestMs: number | null = null;
  for (;;) {
    const wallMs = ticks.next().getTime();
    // A skipped time may tick later than one that the clock shows after it.
    if (bestMs !== null && wallMs > local.wallMs(bestMs)) return bestMs;
    const [first, ...others] = local.momentsOf(wallMs);
    for (const atMs of twice ? [first, ...others] : [first]) {
      if (atMs > afterMs) bestMs = Math.min(atMs, bestMs ?? atMs);
    }
  }
}

/** Undecided ticks: the newest, and the number of missed ones before it. */
export interface DueTick {
  tickAtMs: number;
  missed: number;
}

/** Missed ticks are counted up to this many. */
export const MISSED_COUNTED = 1000;

/** The newest tick after `afterMs` that is due, or null. */
export function dueTick(
  cron: string,
  timeZone: string,
  afterMs: number,
  nowMs: number,
): DueTick | null {
  let tickAtMs = nextTick(cron, timeZone, afterMs);
  if (tickAtMs > nowMs) return null;
  for (let missed = 0; missed < MISSED_COUNTED; missed++) {
    const followingMs = nextTick(cron, timeZone, tickAtMs);
    if (followingMs > nowMs) return { tickAtMs, missed };
    tickAtMs = followingMs;
  }
  return { tickAtMs: newestTick(cron, timeZone, nowMs), missed: MISSED_COUNTED };
}

/** The newest tick that is due, of a pattern that has one. */
function newestTick(cron: string, timeZone: string, nowMs: number): number {
  let tickAtMs = Number.POSITIVE_INFINITY;
  for (let backMs = 60_000; tickAtMs > nowMs; backMs *= 2) {
    tickAtMs = nextTick(cron, timeZone, nowMs - backMs);
  }
  for (;;) {
    const followingMs = nextTick(cron, timeZone, tickAtMs);
    if (followingMs > nowMs) return tickAtMs;
    tickAtMs = followingMs;
  }
}

const FIELDS = 'minute 0-59, hour 0-23, day of month 1-31, month 1-12, day of week 0-7';
const FIELD_COUNT = 5;
/** The library's "H" is a random value, which would differ in each process. */
const CHANCE = /(^|[\s,])H/;

/** A pattern without a tick in this period, which has three leap days, never ticks. */
const LEAP_YEARS = { currentDate: new Date('2000-01-01'), endDate: new Date('2009-01-01') };

/** Problems of a pattern. The library accepts more forms than are valid here. */
export function cronProblems(cron: string): Problem[] {
  const fields = cron.trim().split(/\s+/);
  const problem = (detail: string) => [{ pointer: '', detail: `${detail}; valid: ${FIELDS}` }];
  if (fields.length !== FIELD_COUNT) {
    const { length } = cron.trim() === '' ? [] : fields;
    return problem(`has ${length} fields, not ${FIELD_COUNT}`);
  }
  if (CHANCE.test(cron)) return problem('"H" is not supported');
  let ticks: CronExpression;
  try {
    ticks = CronExpressionParser.parse(cron, { tz: 'UTC', ...LEAP_YEARS });
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
  return ticks.hasNext() ? [] : problem('never ticks');
}

/** The most time zones suggested in a problem. */
const SUGGESTIONS = 5;

/** Problems of a time zone's name, with similar valid names. */
export function timeZoneProblems(timeZone: string): Problem[] {
  if (/^[A-Za-z]/.test(timeZone) && isKnown(timeZone)) return [];
  const wanted = timeZone.toLowerCase();
  const near = Intl.supportedValuesOf('timeZone').filter(
    (name) => wanted !== '' && name.toLowerCase().includes(wanted),
  );
  const some = near.length === 0 ? ['UTC', 'Europe/Berlin', 'Asia/Seoul'] : near;
  const names = some.slice(0, SUGGESTIONS).join(', ');
  const detail = `unknown time zone "${timeZone}"; valid: IANA names such as ${names}`;
  return [{ pointer: '', detail }];
}

function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
