import type { Problem } from '@oversoak/contracts';
import { type CronExpression, CronExpressionParser } from 'cron-parser';

/**
 * The next tick of a pattern. Uses BullMQ's cron library, and only forwards as BullMQ does: around
 * a DST change its backward search differs. A local time in the DST gap is shifted by the gap
 * (02:30 to 03:30); a local time that occurs twice ticks the first time.
 */
export function nextTick(cron: string, timeZone: string, afterMs: number): number {
  return expression(cron, timeZone, afterMs).next().getTime();
}

function expression(cron: string, timeZone: string, atMs: number) {
  return CronExpressionParser.parse(cron, { tz: timeZone, currentDate: new Date(atMs) });
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
  const ticks = expression(cron, timeZone, afterMs);
  let tickAtMs = ticks.next().getTime();
  if (tickAtMs > nowMs) return null;
  for (let missed = 0; missed < MISSED_COUNTED; missed++) {
    const followingMs = ticks.next().getTime();
    if (followingMs > nowMs) return { tickAtMs, missed };
    tickAtMs = followingMs;
  }
  const newest = expression(cron, timeZone, nowMs + 1)
    .prev()
    .getTime();
  return { tickAtMs: newest, missed: MISSED_COUNTED };
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
  const asked = timeZone.toLowerCase();
  const near = Intl.supportedValuesOf('timeZone').filter(
    (name) => asked !== '' && name.toLowerCase().includes(asked),
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
