import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { stoppedReason } from '../../src/schedules/stopped-reason.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);
const LAST = at('2027-01-01T02:00Z');

const schedule = {
  ...{ name: 'nightly', cron: '0 2 * * *', timeZone: 'UTC', enabled: true },
  ...{ overlap: 'skip' as const, confirmSuspects: false, spec: madeSpec() },
  ...{ createdAtMs: 0, updatedAtMs: 0 },
};
type Entries = Parameters<typeof stoppedReason>[1];
const entries = (...outcomes: [Entries[number]['outcome'], Entries[number]['cause']][]): Entries =>
  outcomes.map(([outcome, cause], index) => ({
    ...{ tickAtMs: LAST - index * DAY, cause, outcome },
    note: outcome === 'skipped' ? 'soak-1 is not done' : '',
  }));
const made = entries(['submitted', 'tick']);

const three = (outcome: Entries[number]['outcome']) =>
  entries([outcome, 'tick'], [outcome, 'late'], [outcome, 'tick']);

for (const [what, changes, ticks, nowMs, reason] of [
  ['ticked last night', {}, made, LAST + 20 * HOUR, null],
  ['is due this minute', {}, made, LAST + DAY + MINUTE, null],
  ['is due and still has its margin', {}, made, LAST + DAY + 15 * MINUTE, null],
  [
    'has not ticked though it was due',
    {},
    made,
    LAST + DAY + 3 * HOUR + 5 * MINUTE,
    'its tick is 3h 5m overdue: no control plane processes it',
  ],
  ['has not ticked and is not enabled', { enabled: false }, made, LAST + 9 * DAY, null],
  ['has yet to tick for the first time', {}, [], LAST + HOUR, null],
  [
    'has made its late tick after a night away',
    {},
    entries(['submitted', 'late']),
    LAST + DAY,
    null,
  ],
  ['ticks by the week', { cron: '0 2 * * 1' }, made, at('2027-01-04T02:10Z'), null],
  [
    'ticks by the week and has missed one',
    { cron: '0 2 * * 1' },
    made,
    at('2027-01-04T02:16Z'),
    'its tick is 16m overdue: no control plane processes it',
  ],
  [
    'skipped its last ticks',
    {},
    three('skipped'),
    LAST + HOUR,
    'its last 3 ticks made no soak; the newest is skipped: soak-1 is not done',
  ],
  [
    'had its last soaks refused',
    {},
    three('refused'),
    LAST + HOUR,
    'its last 3 ticks made no soak; the newest is refused',
  ],
  [
    'cannot submit what it took on',
    {},
    three('pending'),
    LAST + HOUR,
    'its last 3 ticks made no soak; the newest is pending',
  ],
  ['is about to submit', {}, three('pending'), LAST + MINUTE, null],
  ['skipped two', {}, three('skipped').slice(0, 2), LAST + HOUR, null],
  [
    'made a soak two ticks ago',
    {},
    entries(['skipped', 'tick'], ['refused', 'tick'], ['submitted', 'tick']),
    LAST + HOUR,
    null,
  ],
  [
    'made soaks by hand alone',
    {},
    entries(
      ['skipped', 'tick'],
      ['submitted', 'manual'],
      ['refused', 'tick'],
      ['submitted', 'confirm'],
      ['skipped', 'late'],
    ),
    LAST + HOUR,
    'its last 3 ticks made no soak; the newest is skipped: soak-1 is not done',
  ],
] as const) {
  test(`a schedule that ${what} has ${reason === null ? 'not ' : ''}stopped`, () => {
    const stored = { schedule: { ...schedule, ...changes }, tickedUntilMs: LAST };
    assert.equal(stoppedReason(stored, ticks, nowMs), reason);
  });
}
