import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ERROR_CLASSES,
  everyProblem,
  holds,
  impliedThresholds,
  parseThreshold,
  type ThresholdSpec,
} from '../../src/index.ts';

const OPEN = { pacing: 'constant' } as const;

function parsed(given: ThresholdSpec) {
  const result = parseThreshold(given);
  assert.ok('threshold' in result, JSON.stringify(result));
  return result.threshold;
}

test('a latency is read in its unit and judged in microseconds', () => {
  const threshold = parsed('echo.latency.p99 < 50ms');
  assert.equal(threshold.limit, 50_000);
  assert.equal(holds(threshold, 49_999), true);
  assert.equal(holds(threshold, 50_000), false);
});

test('every operator', () => {
  for (const [operator, at4, at5, at6] of [
    ['<', true, false, false],
    ['<=', true, true, false],
    ['>', false, false, true],
    ['>=', false, true, true],
    ['==', false, true, false],
  ] as const) {
    const threshold = parsed(`errors.corrupt ${operator} 5`);
    assert.deepEqual(
      [4, 5, 6].map((n) => holds(threshold, n)),
      [at4, at5, at6],
      operator,
    );
  }
});

test('a drift is read per hour, in bytes, counts or microseconds', () => {
  for (const [text, limit] of [
    ['drift.workingSet < 1MB/h', 1_048_576],
    ['drift.privateBytes <= 64 KB/h', 65_536],
    ['drift.workingSet < 0.5GB/h', 536_870_912],
    ['drift.handles < 10/h', 10],
    ['drift.threads < 1/h', 1],
    ['drift.p99 < 5ms/h', 5_000],
  ] as const) {
    assert.equal(parsed(text).limit, limit, text);
  }
});

test('windows are read in seconds or minutes, alone or with an early end', () => {
  assert.deepEqual(
    ['echo.latency.p99 < 50ms', 'achieved.rate>=99% every 60s', 'errors.corrupt == 0 every 2m'].map(
      (text) => parsed(text).everySeconds,
    ),
    [null, 60, 120],
  );
  const threshold = 'echo.latency.p99 < 50ms every 60s';
  assert.equal(parsed({ threshold, abort: true }).abort, true);
  assert.equal(parsed({ threshold, abort: false }).abort, false);
  assert.equal(parsed({ threshold: 'errors.total == 0', abort: true }).abort, true);
});

test('what cannot be read or judged is refused with the valid names or the reason', () => {
  const abort = (threshold: string) => ({ threshold, abort: true });
  for (const [given, error] of [
    ['echo.latency.p98 < 5ms', /unknown metric "echo.latency.p98"; valid: echo.latency.p50/],
    ['echo.latency.p99 < 5', /takes us, ms, s, not a number without a unit/],
    ['errors.corrupt == 0%', /takes no unit, not "%"/],
    ['errors.corrupt = 0', /expected "metric operator number unit/],
    ['', /expected/],
    ['drift.workingSet < 1MB', /takes B\/h, KiB\/h, MiB\/h, GiB\/h, KB\/h, MB\/h, GB\/h, not "MB"/],
    ['drift.handles < 1MB/h', /takes \/h, not "MB\/h"/],
    ['drift.handles == 0/h', /takes < or <=, not ==: a slope is known as an interval/],
    ['drift.handles < 1/h every 60s', /takes no "every": a slope needs the whole/],
    [abort('drift.handles < 1/h'), /takes no "abort": a slope needs the whole/],
    ['echo.latency.p99 < -5ms', /^-5 must not be negative$/],
    ['achieved.rate >= 99% every -60s', /^-60 must not be negative$/],
    ['echo.latency.p99 < - 5ms', /^expected "metric/],
    ['achieved.rate >= 99% every 1h', /"every" takes s, m, not "h"/],
    [
      'errors.peerReset == 0 every 60s',
      /takes no "every": how many resets the fleets sent on purpose/,
    ],
    ['errors.total == 0 every 60s', /takes no "every"/],
    [abort('echo.latency.p99 < 5ms'), /"abort" goes with errors\.\* or with "every".*at its end/],
    [abort('errors.corrupt >= 1'), /takes <, <= or ==, not >=: a count may still rise/],
  ] as const) {
    const result = parseThreshold(given);
    assert.ok('error' in result, JSON.stringify(given));
    assert.match(result.error, error);
  }
});

test('windows must be whole windows of the measurement, and not longer than it', () => {
  const problem = (text: string, measureSeconds: number) =>
    everyProblem(parsed(text), measureSeconds);
  const every = (length: string) => `achieved.rate >= 99% every ${length}`;
  assert.equal(problem('achieved.rate >= 99%', 0.5), null);
  assert.equal(problem(every('1s'), 10), null);
  assert.equal(problem(every('60s'), 28_800), null);
  assert.equal(problem(every('5m'), 28_800), null);
  assert.equal(problem(every('60s'), 60), null);
  assert.match(problem(every('60s'), 59) ?? '', /longer than the measurement: .* is 59, it is 60s/);
  assert.match(problem(every('1.5s'), 10) ?? '', /multiple of 1s, it is 1.5s: .* windows of 1 s/);
  assert.match(problem(every('30s'), 28_800) ?? '', /multiple of 60s, it is 30s/);
  assert.match(problem(every('0s'), 10) ?? '', /multiple of 1s/);
  assert.match(problem(every('1s'), 1.9) ?? '', /windows of 1s its last 0\.9 s would be in none/);
  assert.match(problem(every('60s'), 90) ?? '', /divide .* windows of 60s its last 30 s would/);
});

test('every class without a threshold of its own must be 0', () => {
  const implied = impliedThresholds([parsed('errors.corrupt <= 3')], OPEN);
  const errors = implied.filter(({ metric }) => metric.startsWith('errors.'));
  assert.equal(errors.length, Object.keys(ERROR_CLASSES).length - 1);
  assert.ok(implied.every((threshold) => threshold.metric !== 'errors.corrupt'));
});

test('a threshold on the total sets the limit for all classes', () => {
  const implied = impliedThresholds([parsed('errors.total <= 3')], OPEN);
  assert.deepEqual(
    implied.map(({ text }) => text),
    ['achieved.rate >= 99%'],
  );
});

test('the offered load is a threshold, unless the spec has one', () => {
  const [rate] = impliedThresholds([], OPEN);
  assert.deepEqual([rate?.metric, rate?.operator, rate?.limit], ['achieved.rate', '>=', 99]);
  const given = impliedThresholds([parsed('achieved.rate >= 50% every 60s')], OPEN);
  assert.ok(given.every(({ metric }) => metric !== 'achieved.rate'));
  const closed = impliedThresholds([], { pacing: 'closed' });
  assert.ok(closed.every(({ metric }) => metric.startsWith('errors.')));
});
