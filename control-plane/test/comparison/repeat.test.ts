import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  fleetFigures,
  fleetResult,
  histogram,
  histogramOf,
  madeLatencies,
  madeResult,
  targetResult,
} from '@oversoak/testing/builders/made-figures';
import { repeatOf } from '../../src/comparison/repeat.ts';

const about = (value: number | null, expected: number) =>
  assert.ok(Math.abs((value ?? Number.NaN) / expected - 1) < 2e-3, `${value}, not ${expected}`);

/** A fleet whose measurement has these echoes, and none before it. */
function fleet(intended: string, echoes: number) {
  const latency = (text: string) => madeLatencies({ intended: text, actual: text });
  return fleetResult(
    fleetFigures(100 + echoes, { latency: latency(intended) }),
    fleetFigures(100, { latency: latency(histogram(0)) }),
  );
}

describe('the figures of a repeat', () => {
  it('are of the whole measurement', () => {
    const { repeat, gang, figures } = repeatOf(madeResult());
    assert.equal(repeat, 1);
    assert.match(gang, /^fleet agent-b, server agent-a \(Wine 8\.0/);
    about(figures['echo.latency.p50'], 2000);
    about(figures['sent.rate'], 100);
    about(figures['server.cpuPerEcho'], 200);
    assert.equal(figures['server.workingSet'], 50_000_000);
  });

  it('merge fleets by counts: the slow echoes of one are in the tail of all', () => {
    const fleets = {
      'agent-b': fleet(histogram(900, 1), 900),
      'agent-c': fleet(histogramOf(96, 1, 4, 50), 100),
    };
    const { figures } = repeatOf(madeResult({ fleets }));
    // An average of the fleets' p99 would be 25 ms.
    about(figures['echo.latency.p99'], 1000);
    // Ten of a thousand, four of them 50 ms.
    about(figures['echo.latency.slowest'], 20_600);
    about(figures['sent.rate'], 100);
  });

  it('say how many messages are in no latency, because the fleet stood still', () => {
    const disturbed = fleetResult(fleetFigures(1100, { load: { disturbed: 25 } }));
    const { disturbedPercent } = repeatOf(madeResult({ fleets: { 'agent-b': disturbed } }));
    assert.equal(disturbedPercent, 2.5);
  });

  it('are missing where there is no server, or too few echoes for the percentile', () => {
    const { figures } = repeatOf(
      targetResult({ fleets: { 'agent-b': fleet(histogram(999), 999) } }),
    );
    assert.equal(figures['server.workingSet'], null);
    assert.equal(figures['server.cpuPerEcho'], null);
    about(figures['echo.latency.p99'], 2000);
    const few = repeatOf(madeResult({ fleets: { 'agent-b': fleet(histogram(99), 99) } }));
    assert.equal(few.figures['echo.latency.p99'], null);
    assert.equal(few.figures['echo.latency.slowest'], null);
  });
});
