import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CLASSES, holds, impliedThresholds, parseThreshold } from '../src/index.ts';

function parsed(text: string) {
  const result = parseThreshold(text);
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

test('what cannot be read is refused with the valid names', () => {
  for (const [text, error] of [
    ['echo.latency.p98 < 5ms', /unknown metric "echo.latency.p98"; valid: echo.latency.p50/],
    ['echo.latency.p99 < 5', /takes us, ms, s, not "no unit"/],
    ['errors.corrupt == 0%', /takes no unit, not "%"/],
    ['errors.corrupt = 0', /expected "metric operator number unit"/],
    ['', /expected/],
  ] as const) {
    const result = parseThreshold(text);
    assert.ok('error' in result, text);
    assert.match(result.error, error);
  }
});

test('every class without a threshold of its own must be 0', () => {
  const implied = impliedThresholds([parsed('errors.corrupt <= 3')]);
  assert.equal(implied.length, Object.keys(ERROR_CLASSES).length - 1);
  assert.ok(implied.every((threshold) => threshold.metric !== 'errors.corrupt'));
});
