import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ThresholdSpec } from '@oversoak/contracts';
import { submittedSpec, TARGET } from '@oversoak/testing/builders/made-figures';
import { validateSpec } from '../../src/submit/validate.ts';

interface Given {
  threshold: ThresholdSpec;
  measureSeconds?: number;
  workload?: object;
  changes?: object;
}

/** What is said against a soak of 100 messages a second, each with its pointer. */
function refusals({ threshold, measureSeconds = 60, workload, changes }: Given): string[] {
  const checked = validateSpec({
    ...submittedSpec(),
    workload: workload ?? { ratePerSecond: 100 },
    phases: { measureSeconds },
    thresholds: [threshold],
    ...changes,
  });
  if (!('problems' in checked)) return [];
  return checked.problems.map(({ pointer, detail }) => `${pointer} ${detail}`);
}

describe('a threshold that no run can decide', () => {
  it('is a drift with too few windows', () => {
    const short = { threshold: 'drift.p99 < 1us/h', measureSeconds: 3 };
    assert.deepEqual(refusals({ ...short, workload: { ratePerSecond: 200 } }), [
      '/thresholds/0 "drift.p99" needs 20 windows of 1 s: phases.measureSeconds is 3, which gives 3 windows',
    ]);
    assert.deepEqual(refusals({ threshold: 'drift.handles < 1/h', measureSeconds: 20 }), []);
    assert.equal(refusals({ threshold: 'drift.handles < 1/h', measureSeconds: 19.9 }).length, 1);
  });

  it('is a drift of the p99 with too few echoes in a window', () => {
    const drift = { threshold: 'drift.p99 < 1us/h' };
    assert.deepEqual(refusals({ ...drift, workload: { ratePerSecond: 33 } }), [
      '/thresholds/0 "drift.p99" needs 20 windows of 100 echoes: workload.ratePerSecond 33 × phases.measureSeconds 60 = 1,980 are due',
    ]);
    // Three windows are taken together.
    assert.deepEqual(refusals({ ...drift, workload: { ratePerSecond: 34 } }), []);
    assert.deepEqual(refusals({ ...drift, workload: { pacing: 'closed' } }), []);
  });

  it('is a drift of a server that is not ours', () => {
    const changes = { matrix: { sessions: [10] }, target: TARGET };
    assert.deepEqual(refusals({ threshold: 'drift.privateBytes < 1MB/h', changes }), [
      '/thresholds/0 "drift.privateBytes" is of a server that oversoak starts; a target has no such figure',
    ]);
    assert.deepEqual(refusals({ threshold: 'drift.p99 < 1ms/h', changes }), []);
  });

  it('is a percentile or a rate with too few messages due', () => {
    const p999 = { threshold: 'echo.latency.p999 < 1s', measureSeconds: 9 };
    assert.deepEqual(refusals(p999), [
      '/thresholds/0 "echo.latency.p999" needs 1,000 echoes: workload.ratePerSecond 100 × phases.measureSeconds 9 = 900 are due',
    ]);
    assert.deepEqual(refusals({ ...p999, measureSeconds: 10 }), []);
    assert.deepEqual(refusals({ ...p999, workload: { pacing: 'closed' } }), []);
    assert.match(
      refusals({ threshold: 'achieved.rate >= 99%', measureSeconds: 0.5 })[0] ?? '',
      /"achieved.rate" needs 100 messages: .* = 50 are due$/,
    );
  });

  it('is a percentile of windows none of which could be said to hold', () => {
    const every = (seconds: number, operator = '<') => ({
      threshold: { threshold: `echo.latency.p99 ${operator} 1s every ${seconds}s`, abort: true },
    });
    assert.deepEqual(refusals(every(2)), [
      '/thresholds/0 "echo.latency.p99" needs 299 echoes in each window: workload.ratePerSecond 100 × "every" 2 = 200 are due',
    ]);
    assert.deepEqual(refusals(every(3)), []);
    assert.deepEqual(refusals(every(2, '>')), []);
    assert.deepEqual(refusals({ threshold: 'echo.latency.max < 1s every 1s' }), []);
  });
});
