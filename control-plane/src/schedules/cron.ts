import type { Problem } from '@oversoak/contracts';
import { type CronExpression, CronExpressionParser } from 'cron-parser';

/**
 * When a pattern ticks. The library is the one that BullMQ asks, and it is asked forwards as BullMQ
 * does: around a change of the clocks its way back differs. A local time that a change leaves out
 * ticks as much later (02:30 at 03:30), one that comes twice ticks the first time.
 */
export function nextTick(cron: string, timeZone: string, afterMs: number): number {
  return expression(cron, timeZone, afterMs).next().getTime();
}

function expression(cron: string, timeZone: string, atMs: number) {
  return CronExpressionParser.parse(cron, { tz: timeZone, currentDate: new Date(atMs) });
}

/** Ticks of which nothing has become so far: the newest, and how many came before it. */
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
/** The library's own letter for a chance value, which would be another at each look. */
const CHANCE = /(^|[\s,])H/;

/** What does not tick in these, with two leap days, never does. */
const LEAP_YEARS = { currentDate: new Date('2000-01-01'), endDate: new Date('2009-01-01') };

/** What is wrong with the text of a pattern; the library knows more forms than are valid here. */
export function cronProblems(cron: string): Problem[] {
  const fields = cron.trim().split(/\s+/);
  const problem = (detail: string) => [{ pointer: '', detail: `${detail}; valid: ${FIELDS}` }];
  if (fields.length !== FIELD_COUNT) {
    const { length } = cron.trim() === '' ? [] : fields;
    return problem(`has ${length} fields, not ${FIELD_COUNT}`);
  }
  if (CHANCE.test(cron)) return problem('"H" is not taken');
  let ticks: CronExpression;
  try {
    ticks = CronExpressionParser.parse(cron, { tz: 'UTC', ...LEAP_YEARS });
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
  return ticks.hasNext() ? [] : problem('never ticks');
}

/** More names than these do not help. */
const SUGGESTIONS = 5;

/** The error message for an unknown time zone; suggests similar names. */
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
