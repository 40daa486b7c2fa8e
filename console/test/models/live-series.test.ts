import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ofLatencies, type Sample } from '@oversoak/contracts';
import { histogram } from '@oversoak/testing/builders/made-figures';
import { fleetSample } from '@oversoak/testing/builders/soaks';
import { LiveSeries } from '../../src/models/live-series.ts';

function sample(atSeconds: number, echoed: number, latencyMs: number, agentId = 'agent-b'): Sample {
  const latency = histogram(100, latencyMs);
  const intervalLatency = ofLatencies(() => latency);
  return { ...fleetSample('run-1', atSeconds, echoed, { agentId }), intervalLatency };
}

describe('a live run', () => {
  it('has a point for each second, over all its fleets', () => {
    const series = new LiveSeries();
    for (const second of [1, 2, 3, 4, 5, 6]) {
      series.add(sample(second, second * 100, 1, 'agent-b'));
      series.add(sample(second, second * 50, 9, 'agent-c'));
    }
    const { seconds, echoRate, p50Us, p99Us } = series.columns;
    // The first sample is a sum since the start, and the last two seconds are still open.
    assert.deepEqual(seconds, [2, 3, 4]);
    assert.deepEqual(echoRate, [150, 150, 150]);
    // Percentiles of both fleets together: no mean of 1 ms and 9 ms.
    for (const us of p50Us) assert.ok(us !== null && us < 1100, String(us));
    for (const us of p99Us) assert.ok(us !== null && us > 8900, String(us));
  });

  it('counts a repeated sample once', () => {
    const series = new LiveSeries();
    for (const second of [1, 2, 2, 3, 3, 4, 5]) series.add(sample(second, second * 100, 1));
    assert.deepEqual(series.columns.seconds, [2, 3]);
    assert.deepEqual(series.columns.echoRate, [100, 100]);
  });

  it('keeps the last quarter of an hour', () => {
    const series = new LiveSeries();
    for (let second = 1; second <= 1000; second++) series.add(fleetSample('run-1', second, second));
    assert.equal(series.columns.seconds.length, 900);
    assert.equal(series.columns.seconds.at(-1), 998);
    assert.equal(series.columns.p50Us.length, 900);
  });
});
