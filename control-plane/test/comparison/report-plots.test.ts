import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorEvidence, mergeHistograms } from '@oversoak/contracts';
import {
  fleetResult,
  fleetWindows,
  histogramOf,
  latencies,
  madeLoad,
  madeResult,
  madeSpec,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import { percentileCurve, reportedRun } from '../../src/comparison/report-plots.ts';
import { pointsOfRun } from '../../src/comparison/soak-report.ts';
import { timelineOf } from '../../src/comparison/timeline.ts';

const spec = (measureSeconds: number) =>
  madeSpec({ phases: { ...madeSpec().phases, measureSeconds } });

describe('the curve of a latency', () => {
  it('has the percentiles of the histogram, and ends with its slowest echo', () => {
    const histogram = mergeHistograms([latencies(5000, 2, 1)]);
    const { oneIn, us } = percentileCurve(histogram);
    assert.deepEqual([oneIn[0], oneIn.at(-1)], [1, 5000]);
    for (const [nines, percentile] of [
      [10, 90],
      [100, 99],
      [1000, 99.9],
    ] as const) {
      const at = us[oneIn.indexOf(nines)] ?? 0;
      assert.ok(Math.abs(at / (histogram.getValueAtPercentile(percentile) / 1000) - 1) < 0.001);
    }
    assert.ok(Math.abs((us.at(-1) ?? 0) / (histogram.maxValue / 1000) - 1) < 0.001);
    assert.deepEqual(
      us,
      us.toSorted((a, b) => a - b),
    );
  });

  it('shows a stall as a step', () => {
    const { oneIn, us } = percentileCurve(mergeHistograms([histogramOf(990, 1, 10, 500)]));
    const below = us[oneIn.findIndex((each) => each > 50)] ?? 0;
    assert.ok(below < 1100, String(below));
    assert.ok((us.at(-1) ?? 0) > 499_000);
  });

  it('is empty without an echo', () => {
    assert.deepEqual(percentileCurve(mergeHistograms([])), { oneIn: [], us: [] });
  });
});

describe('a run against time', () => {
  const windows = fleetWindows(60, (at) => ({ load: madeLoad(100 + (at >= 30 ? 100 : 0)) }));
  const fleet = { ...fleetResult(), series: { windowSeconds: 1, windows } };
  const memory = (at: number) => ({ workingSetBytes: 1_000_000 + at });
  const server = {
    ...serverResult(),
    series: { windowSeconds: 1, windows: serverWindows(60, memory) },
  };
  const result = madeResult({ spec: spec(60), server, fleets: { 'agent-b': fleet } });

  it('has its windows as points where they are few', () => {
    const line = timelineOf(result, 100);
    assert.equal(line?.endSeconds.length, 60);
    assert.deepEqual([line?.echoRate[0], line?.echoRate[59]], [100, 200]);
    assert.equal(line?.workingSetBytes[59], 1_000_059);
  });

  it('merges windows by counts, with at most the requested number of points', () => {
    const line = timelineOf(result, 7);
    assert.ok(line !== null && line.endSeconds.length <= 7);
    assert.equal(line.endSeconds.at(-1), 60);
    const messages = line.echoRate.map(
      (rate, at) => rate * ((line.endSeconds[at] ?? 0) - (line.startSeconds[at] ?? 0)),
    );
    const total = messages.reduce((sum, each) => sum + each, 0);
    assert.ok(Math.abs(total - 9000) < 10, String(total));
  });

  it('adds the rates of its fleets', () => {
    const two = madeResult({
      spec: spec(60),
      server,
      fleets: { 'agent-b': fleet, 'agent-c': fleet },
    });
    assert.equal(timelineOf(two, 100)?.dueRate[0], 200);
  });

  it('is none without a fleet', () => {
    assert.equal(timelineOf(madeResult({ fleets: {} }), 10), null);
  });

  it('leaves a report of many runs about as long as one of a night', () => {
    assert.equal(pointsOfRun(1), 240);
    assert.equal(pointsOfRun(240), 33);
    assert.equal(pointsOfRun(10_000), 20);
  });
});

describe('a run of a report', () => {
  it('has the first errors of its fleets and of its server', () => {
    const of = (name: 'corrupt' | 'malformedFrame', session: number): ErrorEvidence => {
      return { class: name, session, peer: '127.0.0.1:1', sinceStartSeconds: 1, what: 'wrong' };
    };
    const fleets = { 'agent-b': { ...fleetResult(), firstErrors: [of('corrupt', 3)] } };
    const server = { ...serverResult(), firstErrors: [of('malformedFrame', 4)] };
    const result = madeResult({ server, fleets });
    assert.deepEqual(reportedRun({ run: result.run, result }, 10).firstErrors, [
      of('corrupt', 3),
      of('malformedFrame', 4),
    ]);
    assert.deepEqual(reportedRun({ run: result.run, result: null }, 10).firstErrors, []);
  });
});
