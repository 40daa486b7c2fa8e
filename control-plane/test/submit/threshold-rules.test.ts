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

  it('is a drift of a target', () => {
    const changes = { matrix: { sessions: [10] }, target: TARGET };
    assert.deepEqual(refusals({ threshold: 'drift.privateBytes < 1MB/h', changes }), [
      '/thresholds/0 "drift.privateBytes" is of a server that oversoak starts; a target has no such figure',
    ]);
    assert.deepEqual(refusals({ threshold: 'drift.p99 < 1ms/h', changes }), []);
  });

  it('is a percentile or a rate of too few due messages', () => {
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

  it('is a percentile of windows of which none can be decided', () => {
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

  it('is an achieved rate in a closed loop, where it is always 100 %', () => {
    const workload = { pacing: 'closed' };
    assert.deepEqual(refusals({ threshold: 'achieved.rate >= 50%', workload }), [
      '/thresholds/0 "achieved.rate" says nothing of a closed loop: workload.pacing is "closed", where a message is due when it is sent, so that 100 % of them always are',
    ]);
    assert.deepEqual(refusals({ threshold: 'echo.latency.p99 < 1s', workload }), []);
  });

  it('is the implied achieved rate of too few messages', () => {
    const few = { threshold: 'errors.corrupt == 0', workload: { ratePerSecond: 9.9 } };
    assert.deepEqual(refusals({ ...few, measureSeconds: 10 }), [
      '/phases/measureSeconds is too short for the implied threshold "achieved.rate >= 99%": "achieved.rate" needs 100 messages: workload.ratePerSecond 9.9 × phases.measureSeconds 10 = 99 are due',
    ]);
    assert.deepEqual(refusals({ ...few, measureSeconds: 10.2 }), []);
  });
});

describe('a threshold that can never hold', () => {
  it('is refused by its field, with the possible values', () => {
    assert.deepEqual(refusals({ threshold: 'achieved.rate >= 200%' }), [
      '/thresholds/0 "achieved.rate" is from 0 to 100 %: "achieved.rate >= 200%" can never hold',
    ]);
    const abort = { threshold: 'echo.latency.p99 < 0ms every 10s', abort: true };
    assert.match(refusals({ threshold: abort })[0] ?? '', /^\/thresholds\/0 .* can never hold$/);
  });

  it('is refused if it contradicts another', () => {
    const thresholds = ['echo.latency.p99 < 5ms', 'errors.corrupt == 0', 'echo.latency.p99 > 9ms'];
    assert.deepEqual(refusals({ threshold: '', changes: { thresholds } }), [
      '/thresholds/2 contradicts "echo.latency.p99 < 5ms": no value of "echo.latency.p99" satisfies both',
    ]);
  });
});

describe('a closed loop', () => {
  const looped = (loopDelayMs: number, overSend: number, sessions: number[]) =>
    refusals({
      threshold: 'errors.corrupt == 0',
      measureSeconds: 10,
      workload: { pacing: 'closed', loopDelayMs, overSend },
      changes: { matrix: { notifier: ['iocp'], sessions } },
    });

  it('must complete a round trip within the measurement', () => {
    assert.deepEqual(looped(10_000, 1, [1000]), [
      '/workload/loopDelayMs 10000 ms is no shorter than the measurement: phases.measureSeconds is 10',
    ]);
    assert.deepEqual(looped(9_999, 1, [1000]), []);
  });

  it('must send enough messages for a verdict in every cell', () => {
    assert.deepEqual(looped(4000, 1, [1000, 33, 34]), [
      '/matrix/sessions/1 33 sessions × workload.overSend 1 × 3 rounds = at most 99 messages, a verdict needs 100: phases.measureSeconds 10 / workload.loopDelayMs 4000 + 1 = 3 rounds',
    ]);
    assert.deepEqual(looped(4000, 4, [10]), []);
    assert.deepEqual(looped(0, 1, [1]), []);
  });
});
