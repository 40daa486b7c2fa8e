import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quickSpec } from '../../src/spec/quick.ts';

test('long phases are cut, short ones are kept, one repeat remains', () => {
  const spec = {
    name: 'x',
    repeats: 5,
    phases: { rampUpSeconds: 30, warmUpSeconds: 0.2, measureSeconds: 3600, drainSeconds: 9 },
  };
  assert.deepEqual(quickSpec(spec), {
    name: 'x',
    repeats: 1,
    phases: { rampUpSeconds: 1, warmUpSeconds: 0.2, measureSeconds: 3, drainSeconds: 2 },
  });
  assert.equal(spec.phases.measureSeconds, 3600);
});

test('a default phase is cut too if it is not given; a measurement is not added', () => {
  assert.deepEqual(quickSpec({ phases: {} }), {
    repeats: 1,
    phases: { rampUpSeconds: 1, warmUpSeconds: 0.5, drainSeconds: 2 },
  });
});

test('values that violate the schema are left for the API to refuse', () => {
  assert.deepEqual(quickSpec({ phases: 'soon' }), { phases: 'soon', repeats: 1 });
  assert.deepEqual(quickSpec({ phases: { measureSeconds: 'long' } }).phases, {
    measureSeconds: 'long',
    rampUpSeconds: 1,
    warmUpSeconds: 0.5,
    drainSeconds: 2,
  });
  assert.deepEqual(quickSpec({}), { repeats: 1 });
});

test('thresholds on deliveries are kept where three seconds have enough of them', () => {
  const of = (zones: object) =>
    quickSpec({
      workload: { ratePerSecond: 40, zones },
      thresholds: ['delivery.latency.p99 < 1s'],
    }).thresholds;
  assert.deepEqual(of({ size: 50 }), ['delivery.latency.p99 < 1s']);
  assert.deepEqual(of({ size: 2, share: 0.1 }), []);
  const ticksOf = (ticksPerSecond: unknown, sessions: unknown[]) =>
    quickSpec({
      workload: { ratePerSecond: 40, zones: { size: 2, ticksPerSecond } },
      matrix: { sessions },
      thresholds: ['tick.latency.p99 < 1s'],
    }).thresholds;
  assert.deepEqual(ticksOf(2, [50, 20]), ['tick.latency.p99 < 1s']);
  assert.deepEqual(ticksOf(2, [50, 10]), []);
  assert.deepEqual(ticksOf('often', [10]), ['tick.latency.p99 < 1s'], 'the API refuses it');
  assert.deepEqual(of({ size: 'many' }), ['delivery.latency.p99 < 1s'], 'the API refuses it');
});

test('thresholds that need longer runs are removed, others and unreadable ones are kept', () => {
  const windows = { threshold: 'echo.latency.p99 < 50ms every 60s', abort: true };
  const kept = ['echo.latency.p99 < 50ms', 'achieved.rate >= 90% every 1s', 'p99 < 1', 7];
  const thresholds = [...kept, windows, 'drift.handles < 1/h'];
  assert.deepEqual(quickSpec({ thresholds }).thresholds, kept);
  const slow = {
    workload: { ratePerSecond: 30 },
    phases: { measureSeconds: 60 },
    thresholds: ['echo.latency.p99 < 1s', 'echo.latency.p999 < 1s', 'p99 < 1'],
  };
  assert.deepEqual(quickSpec(slow).thresholds, ['echo.latency.p99 < 1s', 'p99 < 1']);
  // 100 messages, without which nothing could be said of the rate.
  assert.equal((quickSpec(slow).phases as { measureSeconds: number }).measureSeconds, 4);
});

test('a closed loop is measured until it has come round often enough for a verdict', () => {
  const secondsOf = (sessions: unknown, workload: object, measureSeconds = 60) =>
    quickSpec({
      workload: { pacing: 'closed', ...workload },
      matrix: { sessions },
      phases: { measureSeconds },
    }).phases as { measureSeconds: number };
  // 100 rounds of 250 ms, and what their answers take.
  assert.equal(secondsOf([63, 1], { loopDelayMs: 250 }).measureSeconds, 28);
  assert.equal(secondsOf([63, 1], { loopDelayMs: 250 }, 20).measureSeconds, 20);
  assert.equal(secondsOf([10], { loopDelayMs: 4000, overSend: 5 }).measureSeconds, 9);
  assert.equal(secondsOf([1000], { loopDelayMs: 4000 }).measureSeconds, 5);
  for (const unknown of [{}, { loopDelayMs: 'long' }, { loopDelayMs: 250, overSend: 'two' }]) {
    assert.equal(secondsOf([1], unknown).measureSeconds, 3);
  }
  assert.equal(secondsOf('many', { loopDelayMs: 250 }).measureSeconds, 3);
});
