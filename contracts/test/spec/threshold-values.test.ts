import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseThreshold, whyContrary, whyNever } from '../../src/index.ts';

function parsed(text: string) {
  const result = parseThreshold(text);
  assert.ok('threshold' in result, JSON.stringify(result));
  return result.threshold;
}

test('a threshold that no value can satisfy is refused with the possible values', () => {
  for (const [text, range] of [
    ['achieved.rate >= 200%', 'from 0 to 100 %'],
    ['achieved.rate > 100%', 'from 0 to 100 %'],
    ['achieved.rate < 0%', 'from 0 to 100 %'],
    ['achieved.rate == 100.5%', 'from 0 to 100 %'],
    ['echo.latency.p99 < 0ms', 'from 1 ns to 1 h'],
    ['echo.latency.p99 <= 0ms', 'from 1 ns to 1 h'],
    ['echo.latency.max == 0us', 'from 1 ns to 1 h'],
    ['echo.latency.max > 3600s', 'from 1 ns to 1 h'],
    ['errors.corrupt < 0', 'a whole number, at least 0'],
    ['errors.corrupt == 1.5', 'a whole number, at least 0'],
  ] as const) {
    const metric = text.split(' ')[0];
    assert.equal(whyNever(parsed(text)), `"${metric}" is ${range}: "${text}" can never hold`);
  }
});

test('a threshold that some or all values satisfy is accepted', () => {
  for (const text of [
    'achieved.rate >= 100%',
    'achieved.rate == 100%',
    'achieved.rate >= 0%',
    'echo.latency.p99 < 1us',
    'echo.latency.max <= 3600s',
    'errors.corrupt >= 0',
    'errors.corrupt < 0.5',
    'errors.corrupt <= 0',
    'drift.workingSet < 0MB/h',
  ]) {
    assert.equal(whyNever(parsed(text)), null, text);
  }
});

test('two thresholds that no value, or no run, satisfies exclude each other', () => {
  const why = (one: string, other: string) => {
    const [there, back] = [
      whyContrary(parsed(one), parsed(other)),
      whyContrary(parsed(other), parsed(one)),
    ];
    assert.equal(there === null, back === null, 'in either order');
    return there;
  };
  const same = 'echo.latency.p99 > 50ms';
  assert.equal(
    why('echo.latency.p99 < 50ms', same),
    `contradicts "${same}": no value of "echo.latency.p99" satisfies both`,
  );
  assert.ok(why('echo.latency.p99 < 50ms', 'echo.latency.p99 >= 50ms'));
  assert.ok(why('errors.corrupt > 2', 'errors.corrupt < 3'), 'no count is between 2 and 3');
  assert.ok(why('errors.corrupt == 1', 'errors.corrupt == 2'));
  assert.ok(why('achieved.rate < 50% every 10s', 'achieved.rate > 60% every 10s'));
  const median = 'echo.latency.p50 >= 10ms';
  assert.equal(
    why('echo.latency.p99 < 10ms', median),
    `contradicts "${median}": no run satisfies both`,
  );
  assert.ok(why('errors.total == 0', 'errors.corrupt >= 1'));
  for (const [one, other] of [
    ['echo.latency.p99 <= 50ms', 'echo.latency.p99 >= 50ms'],
    ['echo.latency.p99 < 60ms', 'echo.latency.p99 > 50ms'],
    ['echo.latency.p99 > 10ms', 'echo.latency.p50 < 5ms'],
    ['errors.total <= 3', 'errors.corrupt >= 1'],
    ['errors.corrupt >= 5', 'errors.duplicate == 0'],
    ['errors.corrupt < 2 every 10s', 'errors.corrupt > 3'],
    ['achieved.rate > 99%', 'echo.latency.p99 < 1ms'],
  ] as const) {
    assert.equal(why(one, other), null, `${one}, ${other}`);
  }
});
