import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetFigures } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  histogram,
  histogramOf,
  madeLatencies,
  madeResult,
} from '@oversoak/testing/builders/made-figures';
import { judge, thresholdsOf } from '../../src/judge/judge.ts';

const verdict = (figures: FleetFigures, threshold: string) => {
  const result = madeResult({ fleets: { 'agent-b': fleetResult(figures) } });
  return judge(result, thresholdsOf([threshold]), null).judgement;
};

describe('messages that a standstill of the fleet disturbed', () => {
  it('decide nothing about a latency that depends on them', () => {
    const disturbed = (count: number, longestSeconds: number) => {
      const taken = histogram(1100 - count, 2);
      const latency = madeLatencies({
        intended: taken,
        actual: taken,
        disturbed: histogram(count, longestSeconds * 1000),
      });
      return fleetFigures(1100, { load: { disturbed: count }, latency });
    };
    const p99 = (count: number, seconds: number, limit: string) =>
      verdict(disturbed(count, seconds), `echo.latency.p99 ${limit}`);
    assert.equal(p99(5, 60, '< 10ms').verdict, 'passed', 'too few to matter');
    assert.equal(p99(50, 0.009, '< 10ms').verdict, 'passed', 'none took long enough to matter');
    assert.equal(p99(50, 60, '< 1ms').verdict, 'failed', 'the others are too slow');
    const open = p99(50, 3, '< 10ms');
    assert.equal(open.verdict, 'inconclusive');
    assert.match(
      open.reasons.join(),
      /fleet stood still while 50 messages were in flight, or sent at once .* at most 3\.?\d* s, which is consistent with both/,
    );
    assert.match(
      p99(909, 3, '< 10ms').reasons.join(),
      /: 91 echoes came back undisturbed, it needs 100; the fleet stood still while 909 others were in flight$/,
    );
    const most = verdict(disturbed(5, 3), 'echo.latency.max < 10ms');
    assert.equal(most.verdict, 'inconclusive', 'one is enough for the longest');
  });

  it('decide what all latencies agree on that they can have had', () => {
    const judged = (count: number, leastMs: number, mostMs: number, lags = 0) => {
      const taken = histogram(1100 - count, 2);
      const latency = madeLatencies({
        ...{ intended: taken, actual: taken, sendLag: histogramOf(1000, 0.1, lags, 200) },
        ...{ disturbed: histogram(count, mostMs), disturbedLeast: histogram(count, leastMs) },
      });
      const figures = fleetFigures(1100, { load: { disturbed: count }, latency });
      return verdict(figures, 'echo.latency.p99 < 50ms');
    };
    const stalled = judged(100, 1600, 2000);
    assert.equal(stalled.verdict, 'failed', 'a stall of the server behind one of the fleet');
    assert.match(stalled.reasons.join(), /p99 is at least 1\.6 s, wanted/);
    assert.equal(judged(100, 1600, 2000, 20).verdict, 'failed', 'of 200 ms');
    assert.equal(judged(100, 40, 2000).verdict, 'inconclusive');
    assert.equal(judged(100, 60, 2000, 200).verdict, 'inconclusive', 'the fleet was late as well');
    assert.equal(judged(950, 0, 40).verdict, 'passed', 'nearly all, and none for longer');
    assert.equal(judged(950, 60, 80).verdict, 'failed');
    assert.equal(judged(950, 0, 80).verdict, 'inconclusive');
  });
});
