import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cronProblems,
  dueTick,
  MISSED_COUNTED,
  nextTick,
  timeZoneProblems,
} from '../../src/schedules/cron.ts';

const BERLIN = 'Europe/Berlin';
const at = (text: string) => Date.parse(text);

/** The ticks that come one after the other, as BullMQ asks for them. */
function ticks(cron: string, from: string, count: number): string[] {
  let atMs = at(from);
  return Array.from({ length: count }, () => {
    atMs = nextTick(cron, BERLIN, atMs);
    return new Date(atMs).toISOString().replace(':00.000Z', 'Z');
  });
}

test('a local time in a DST gap ticks once, shifted by the gap', () => {
  // On 28 March 2027 the clocks go from 02:00 to 03:00: 02:30 is not, 03:30 is 01:30 UTC.
  assert.deepEqual(ticks('30 2 * * *', '2027-03-26T12:00Z', 3), [
    '2027-03-27T01:30Z',
    '2027-03-28T01:30Z',
    '2027-03-29T00:30Z',
  ]);
});

const MS_PER_DAY = 86_400_000;

/** The offset from UTC in minutes, as Intl formats it. */
function offsets(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (ms) => {
    const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '', hours = '0', minutes = '0'] =
      /^GMT(?:([+-])(\d+):(\d+))?$/.exec(name) ?? assert.fail(name);
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}

/** The moments in ten years at which the clocks go forward. */
function gaps(offsetAt: (ms: number) => number): number[] {
  const found: number[] = [];
  const endMs = at('2037-01-01T00:00Z');
  for (let ms = at('2027-01-01T00:00Z'); ms < endMs; ms += 7 * MS_PER_DAY) {
    let [low, high] = [ms, ms + 7 * MS_PER_DAY];
    if (offsetAt(high) <= offsetAt(low)) continue;
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 120_000) * 60_000;
      if (offsetAt(middle) === offsetAt(low)) low = middle;
      else high = middle;
    }
    found.push(high);
  }
  return found;
}

test('no tick is lost in any gap of any time zone in ten years', () => {
  let tried = 0;
  for (const timeZone of Intl.supportedValuesOf('timeZone')) {
    const offsetAt = offsets(timeZone);
    for (const gapMs of gaps(offsetAt)) {
      const [before, after] = [offsetAt(gapMs - 60_000), offsetAt(gapMs)];
      for (const minute of [0, Math.floor((after - before) / 2), after - before - 1]) {
        // What the clock would show without the change.
        const wall = new Date(gapMs + (before + minute) * 60_000);
        const time = `${wall.getUTCMinutes()} ${wall.getUTCHours()}`;
        const expected = new Date(gapMs + minute * 60_000).toISOString();
        for (const days of ['* * *', `* * ${wall.getUTCDay()}`]) {
          const cron = `${time} ${days}`;
          const next = (afterMs: number) => nextTick(cron, timeZone, afterMs);
          const context = `${cron} ${timeZone}`;
          assert.equal(new Date(next(gapMs - MS_PER_DAY / 2)).toISOString(), expected, context);
          const following = next(gapMs + minute * 60_000) - (gapMs + minute * 60_000);
          const period = days === '* * *' ? MS_PER_DAY : 7 * MS_PER_DAY;
          assert.ok(Math.abs(following - period) <= 3 * 3_600_000, `${context}: ${following}`);
          tried += 1;
        }
      }
    }
  }
  assert.ok(tried > 3000, `${tried} ticks`);
});

test('several ticks in one gap keep their order and come once each', () => {
  // The clocks go from 02:00 to 03:00: 02:30 becomes 03:30, behind 03:15.
  assert.deepEqual(ticks('15,30 2,3 * * *', '2027-03-28T00:00Z', 3), [
    '2027-03-28T01:15Z',
    '2027-03-28T01:30Z',
    '2027-03-29T00:15Z',
  ]);
});

test('a local time that occurs twice ticks only the first time', () => {
  // On 31 October 2027 the clocks go from 03:00 to 02:00: 02:30 is at 00:30 UTC and at 01:30 UTC.
  assert.deepEqual(ticks('30 2 * * *', '2027-10-30T12:00Z', 2), [
    '2027-10-31T00:30Z',
    '2027-11-01T01:30Z',
  ]);
  const [first = 0] = [at('2027-10-31T00:30Z')];
  assert.equal(dueTick('30 2 * * *', BERLIN, first, at('2027-10-31T12:00Z')), null);
});

test('an hourly pattern ticks every hour through both clock changes', () => {
  for (const from of ['2027-03-27T23:30Z', '2027-10-30T23:30Z']) {
    const hours = ticks('0 * * * *', from, 5).map((text) => at(text) / 3_600_000);
    assert.deepEqual(
      hours.slice(1).map((hour, index) => hour - (hours[index] ?? 0)),
      [1, 1, 1, 1],
    );
  }
});

test('what is hourly is decided by the hours of a pattern, not by how it is written', () => {
  const hourly = [
    '2027-10-30T23:30Z',
    '2027-10-31T00:30Z',
    '2027-10-31T01:30Z',
    '2027-10-31T02:30Z',
  ];
  const written = ['*', '*/1', '0-23', '0-11,12-23', '0/1'];
  for (const hours of written) {
    assert.deepEqual(ticks(`30 ${hours} * * *`, '2027-10-30T23:00Z', 4), hourly, hours);
  }
  const twoHourly = ['2027-10-30T22:30Z', '2027-10-31T00:30Z', '2027-10-31T03:30Z'];
  for (const hours of ['*/2', '0-22/2', '0,2,4,6,8,10']) {
    assert.deepEqual(ticks(`30 ${hours} * * *`, '2027-10-30T22:00Z', 3), twoHourly, hours);
  }
});

test('the newest due tick is returned, with the number of earlier ones', () => {
  const due = (after: string, now: string) => dueTick('0 2 * * *', 'UTC', at(after), at(now));
  const second = at('2027-01-02T02:00Z');
  assert.equal(due('2027-01-01T02:00Z', '2027-01-02T01:59:59.999Z'), null);
  assert.deepEqual(due('2027-01-01T02:00Z', '2027-01-02T02:00Z'), { tickAtMs: second, missed: 0 });
  assert.deepEqual(due('2027-01-01T01:00Z', '2027-01-02T09:00Z'), { tickAtMs: second, missed: 1 });
  const everyMinute = dueTick('* * * * *', 'UTC', at('2027-01-01T00:00Z'), at('2027-03-01T00:00Z'));
  assert.deepEqual(everyMinute, { tickAtMs: at('2027-03-01T00:00Z'), missed: MISSED_COUNTED });
});

test('an invalid pattern is refused with the valid form', () => {
  for (const cron of [
    '0 2 * * *',
    '*/5 * * * *',
    '0 2 * * MON-FRI',
    '0 2 29 2 *',
    '30 4 1,15 * 5',
    ' 0  2 L * * ',
  ]) {
    assert.deepEqual(cronProblems(cron), [], cron);
  }
  for (const [cron, why] of [
    ['', /has 0 fields, not 5; valid: minute 0-59, hour/],
    ['@daily', /has 1 fields, not 5/],
    ['* * * * * *', /has 6 fields, not 5/],
    ['61 * * * *', /got value 61 expected range 0-59; valid: minute/],
    ['0 0 31 4,6 *', /^never ticks; valid: minute/],
    ['0 0 30 2 *', /Invalid explicit day of month/],
    ['H 2 * * *', /"H" is not supported/],
    ['0 2 * * THU,H', /"H" is not supported/],
    ['a b c d e', /Invalid characters/],
  ] as const) {
    const [problem] = cronProblems(cron);
    assert.match(problem?.detail ?? 'nothing', why, cron);
  }
});

test('an unknown time zone is refused with similar names', () => {
  for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Seoul', 'Etc/GMT+3']) {
    assert.deepEqual(timeZoneProblems(zone), [], zone);
  }
  const detail = (zone: string) => timeZoneProblems(zone)[0]?.detail ?? 'nothing';
  assert.match(
    detail('berlin'),
    /unknown time zone "berlin"; valid: IANA names such as Europe\/Be/,
  );
  for (const zone of ['', '+09:00', 'local', 'Mars/Base']) {
    assert.match(detail(zone), /such as UTC, Europe\/Berlin, Asia\/Seoul$/, zone);
  }
});
