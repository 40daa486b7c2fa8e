import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetWindow, RunResult, ServerWindow, SoakSpec } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  fleetWindows,
  histogramOf,
  madeLoad,
  madeResult,
  madeSpec,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import { judge, thresholdsOf } from '../../src/judge/judge.ts';

const phases = (measureSeconds: number): SoakSpec['phases'] => ({
  ...madeSpec().phases,
  measureSeconds,
});

/** A run of so many seconds, with these windows of its fleet and its server. */
function windowed(
  fleet: FleetWindow[],
  server: ServerWindow[] = serverWindows(fleet.length),
  changes: Partial<RunResult> = {},
): RunResult {
  return madeResult({
    spec: madeSpec({ phases: phases(fleet.length) }),
    fleets: { 'agent-b': { ...fleetResult(), series: { windowSeconds: 1, windows: fleet } } },
    server: { ...serverResult(), series: { windowSeconds: 1, windows: server } },
    ...changes,
  });
}

const judged = (result: RunResult, ...thresholds: string[]) => {
  const { judgement, evidence } = judge(result, thresholdsOf(thresholds), null);
  assert.ok(evidence !== null);
  const [check] = evidence.checks;
  assert.ok(check !== undefined);
  return { ...judgement, reason: judgement.reasons.join('; '), check, evidence };
};

describe('a threshold on every window', () => {
  const P99 = 'echo.latency.p99 < 50ms every 4s';

  it('holds if it holds in each of them', () => {
    const { verdict, check } = judged(windowed(fleetWindows(20)), P99);
    assert.equal(verdict, 'passed');
    const windows = { judged: 5, missed: 0, undecided: 0 };
    assert.deepEqual([check.outcome, check.windows], ['held', windows]);
  });

  it('misses if one window does, although the whole holds, and names the worst', () => {
    const slow = fleetWindows(200, (index) => ({ latencyMs: [60, 80, 60, 60][index - 100] ?? 2 }));
    const { verdict, reason, check } = judged(windowed(slow), P99);
    assert.equal(verdict, 'failed');
    assert.match(
      reason,
      /^echo.latency.p99 is 8\d\.?\d* ms in 100 to 104 s of the measurement, wanted/,
    );
    assert.match(reason, /every 4s \(missed in 1 of 50 windows\)$/);
    assert.deepEqual(check.windows, { judged: 50, missed: 1, undecided: 0 });
    assert.equal(judged(windowed(slow), 'echo.latency.p99 < 50ms').verdict, 'passed');
  });

  it('is unknown, and does not hold, if a window has too few echoes', () => {
    const few = fleetWindows(12, (index) => ({
      load: madeLoad(index >= 4 && index < 7 ? 0 : 80),
    }));
    const { verdict, reason, check } = judged(windowed(few), P99);
    assert.equal(verdict, 'inconclusive');
    assert.match(reason, /in 4 to 8 s .* 80 echoes came back, it needs 100 \(in 1 of 3 windows\)$/);
    const windows = { judged: 2, missed: 0, undecided: 1 };
    assert.deepEqual([check.outcome, check.windows], ['unknown', windows]);
  });

  it('is unknown if a window is undecided, but misses if another one does', () => {
    const close = (index: number) =>
      histogramOf(200 - (index < 4 ? 2 : 0), 2, index < 4 ? 2 : 0, 80);
    const windows = (worst: FleetWindow[]) =>
      windowed([
        ...fleetWindows(8, (index) => ({ intended: close(index), echoed: 200 })),
        ...worst,
      ]);
    const { verdict, reason, check } = judged(windows([]), P99);
    assert.equal(verdict, 'inconclusive');
    assert.match(
      reason,
      /in 0 to 4 s .* 8 of 800 echoes were above the limit, which is consistent with both/,
    );
    assert.deepEqual(check.windows, { judged: 1, missed: 0, undecided: 1 });
    const slow = fleetWindows(12, () => ({ latencyMs: 80, echoed: 200 })).slice(8);
    const missed = judged(windows(slow), P99);
    assert.equal(missed.verdict, 'failed');
    assert.deepEqual(missed.check.windows, { judged: 2, missed: 1, undecided: 1 });
  });

  it('is unknown if the windows do not cover the whole measurement', () => {
    const spec = madeSpec({ phases: phases(20) });
    const { verdict, reason } = judged(windowed(fleetWindows(12), undefined, { spec }), P99);
    assert.equal(verdict, 'inconclusive');
    assert.match(reason, /the windows cover 12 s of 20 s measured$/);
  });

  it('judges the errors of each window, and those outside, by the same limit', () => {
    const errors = (corrupt: number) => ({ ...fleetWindows(1)[0]?.errors, corrupt }) as never;
    const windows = fleetWindows(10, (index) => (index === 3 ? { errors: errors(2) } : {}));
    const final = (corrupt: number) => fleetFigures(1100, { errors: { corrupt } });
    const of = (corrupt: number) => {
      const fleet = fleetResult(fleetFigures(1100), fleetFigures(100), final(corrupt));
      const series = { windowSeconds: 1, windows };
      return windowed(windows, undefined, { fleets: { 'agent-b': { ...fleet, series } } });
    };
    assert.equal(judged(of(2), 'errors.corrupt <= 2 every 2s').verdict, 'passed');
    assert.match(judged(of(2), 'errors.corrupt < 2 every 2s').reason, /is 2 in 2 to 4 s of/);
    const outside = judged(of(9), 'errors.corrupt <= 2 every 2s');
    assert.match(outside.reason, /errors.corrupt is 7 before, after or between the windows/);
  });
});

describe('soundness', () => {
  it('finds one saturated minute that the mean of the night hides', () => {
    const late = madeLoad(90, { late: 2 }, { fleet: 8 });
    const slow = fleetWindows(300, (index) => (index >= 60 && index < 120 ? { load: late } : {}));
    const { verdict, reason } = judged(windowed(slow));
    assert.equal(verdict, 'inconclusive');
    assert.match(
      reason,
      /^generator saturated in 60 to 120 s of the measurement: of 5,880 messages due the fleet on agent-b sent 120 more than 50 ms late and never sent 480 \(10.2 %, sound is 1 %\), which is its own fault$/,
    );
    // No threshold makes such a load sound.
    assert.equal(judged(windowed(slow), 'achieved.rate >= 50%').verdict, 'inconclusive');
  });

  it('judges each minute by what the server held back, where a threshold says so', () => {
    const held = madeLoad(90, {}, { held: 10 });
    const slow = fleetWindows(300, (index) => (index >= 60 && index < 120 ? { load: held } : {}));
    assert.equal(judged(windowed(slow)).verdict, 'passed');
    assert.equal(judged(windowed(slow), 'achieved.rate >= 95% every 60s').verdict, 'failed');
  });

  it('tolerates a short stall that is made up for', () => {
    const sent = (index: number) => ({ 59: 50, 60: 150 })[index] ?? 100;
    const stalled = fleetWindows(300, (index) => ({ load: madeLoad(sent(index)) }));
    assert.equal(judged(windowed(stalled)).verdict, 'passed');
  });

  it('needs enough echoes for a percentile of the whole', () => {
    const few = fleetResult(fleetFigures(1099), fleetFigures(100));
    const result = madeResult({ fleets: { 'agent-b': few } });
    const { verdict, reason } = judged(result, 'echo.latency.p999 < 50ms');
    assert.equal(verdict, 'inconclusive');
    assert.match(
      reason,
      /^undecided: echo.latency.p999 < 50ms: 999 echoes came back, it needs 1000$/,
    );
    assert.equal(judged(result, 'echo.latency.p99 < 50ms').verdict, 'passed');
  });

  it('has no rate of a closed loop, but needs as many messages', () => {
    const { ratePerSecond: _, ...workload } = madeSpec().workload;
    const spec = madeSpec({ workload: { ...workload, pacing: 'closed' } });
    const closed = (due: number) =>
      judge(
        madeResult({
          spec,
          fleets: { 'agent-b': fleetResult(fleetFigures(100 + due), fleetFigures(100)) },
        }),
        [],
        null,
      );
    const { judgement, evidence } = closed(100);
    assert.equal(judgement.verdict, 'passed');
    assert.ok(evidence?.checks.every(({ threshold }) => !threshold.startsWith('achieved.rate')));
    assert.deepEqual(closed(1).judgement, {
      verdict: 'inconclusive',
      reasons: ['too little was measured: a verdict needs 100 messages due, there were 1'],
      loadSound: true,
    });
  });

  it('claims nothing about the rate of a few messages, unless chance does not explain the missing ones', () => {
    const few = (due: number, afterEnd: number) =>
      madeResult({
        fleets: {
          'agent-b': fleetResult(
            fleetFigures(100 + due, { load: { held: afterEnd, afterEnd } }),
            fleetFigures(100),
          ),
        },
      });
    const all = judged(few(1, 0));
    assert.equal(all.verdict, 'inconclusive', 'one message');
    assert.match(all.reason, /achieved.rate >= 99%: it needs 100 messages due, there were 1$/);
    assert.equal(judged(few(99, 0)).verdict, 'inconclusive');
    assert.equal(judged(few(100, 0)).verdict, 'passed');
    assert.equal(judged(few(10, 1)).verdict, 'inconclusive', 'one in ten happens by chance');
    const missed = judged(few(10, 2));
    assert.equal(missed.verdict, 'failed');
    assert.match(missed.reason, /^achieved.rate is 80 % of 10 due: 2 waited for room past the end/);
    assert.equal(judged(few(10, 2), 'achieved.rate >= 80%').verdict, 'inconclusive');
    assert.equal(judged(few(99, 1), 'achieved.rate >= 100%').verdict, 'failed', 'all is all');
  });
});

describe('a threshold on a drift', () => {
  const scattered = (index: number) =>
    Math.round((Math.abs(Math.sin(index + 3)) * 43_758.5453) % 10);
  const leaking = (perWindow: number, handles: number | null = 100) =>
    windowed(
      fleetWindows(60),
      serverWindows(60, (index) => ({
        handles: handles === null ? null : handles + perWindow * index + scattered(index),
      })),
    );

  it('is missed by a leak, with the slope, its interval and the windows', () => {
    const { verdict, reason, evidence } = judged(leaking(2), 'drift.handles < 10/h');
    assert.equal(verdict, 'failed');
    assert.match(
      reason,
      /^drift.handles is 7\d\d\d handles\/h \(\d+ handles\/h to \d+ handles\/h at 95 %, 60 windows, no cycle\), wanted/,
    );
    const drift = evidence.drift.find(({ metric }) => metric === 'handles');
    assert.equal(drift?.rise, 'steady');
  });

  it('is held where the interval ends below the limit', () => {
    assert.equal(judged(leaking(0), 'drift.handles < 2000/h').check.outcome, 'held');
    assert.equal(judged(leaking(0), 'drift.handles < 2000/h').verdict, 'passed');
  });

  it('is unknown in between, and says what would help', () => {
    const { verdict, reason } = judged(leaking(0.1), 'drift.handles < 300/h');
    assert.equal(verdict, 'inconclusive');
    assert.match(
      reason,
      /undecided: .* 60 windows, no cycle\), which is consistent with both: measure longer/,
    );
  });

  it('is unknown if it does not rise like a leak, and says how it rises', () => {
    const handles = (value: (index: number) => number) =>
      windowed(
        fleetWindows(60),
        serverWindows(60, (index) => ({ handles: Math.round(value(index)) })),
      );
    const why = (value: (index: number) => number, limit = 10) =>
      judged(handles(value), `drift.handles < ${limit}/h`).reason;
    assert.match(
      why((index) => 10 * (index % 50)),
      /1 cycle\), but over 1 cycle, and 8 are needed/,
    );
    assert.match(
      why((index) => 1000 * Math.log(1 + index)),
      /but possibly with a bend, like a cache that fills/,
    );
    assert.match(
      why((index) => 2 * index, 5000),
      /but under 35 minutes a rise must be 20 times the limit/,
    );
  });

  it('is unknown without a figure or without enough windows', () => {
    const none = judged(leaking(0, null), 'drift.handles < 1/h');
    assert.equal(none.verdict, 'inconclusive');
    assert.match(none.reason, /the platform has no such figure/);
    const few = judged(windowed(fleetWindows(9)), 'drift.threads < 1/h');
    assert.match(few.reason, /9 windows were measured, a trend needs 20: measure longer/);
  });
});

describe('evidence', () => {
  it('has every check, implied ones too, the bound of errors, and each drift', () => {
    const { evidence } = judged(windowed(fleetWindows(10)), 'echo.latency.p99 < 50ms');
    assert.ok(evidence.checks.some(({ threshold }) => threshold === 'errors.outOfTurn == 0'));
    assert.ok(evidence.checks.every(({ outcome }) => outcome === 'held'));
    assert.deepEqual(evidence.errorBound, { errors: 0, echoes: 1000, upperRate: 0.003 });
    assert.deepEqual(
      evidence.drift.map(({ metric }) => metric),
      ['workingSet', 'privateBytes', 'handles', 'threads', 'p99'],
    );
  });

  it('is empty for a run that was ended early or has no results', () => {
    const ending = { verdict: 'cancelled', reason: 'cancelled by request' } as const;
    assert.equal(judge(madeResult(), [], ending).evidence, null);
    assert.equal(judge(madeResult({ server: null }), [], null).evidence, null);
  });
});
