import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { driftOf, driftsOf, LEAST_WINDOWS, risesAbove, thinned } from '../../src/judge/drift.ts';
import { trendOf } from '../../src/judge/trend.ts';
import {
  fleetResult,
  fleetWindows,
  madeLoad,
  serverFigures,
  serverResult,
  serverWindows,
} from '../made-figures.ts';

/** Values as points that are an hour apart. */
const hourly = (values: readonly number[]) =>
  values.map((value, index) => ({ atHours: index, value }));

/** Without a trend and without chance: neighbours differ in sign and size. */
const noise = (index: number) => ((index * 7919) % 101) / 101 - 0.5;

const series = (count: number, value: (index: number) => number) =>
  hourly(Array.from({ length: count }, (_, index) => value(index)));

describe('trendOf', () => {
  it('is the slope itself where every pair has the same', () => {
    const { slope, low, high } = trendOf(hourly([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    assert.deepEqual([slope, low, high], [1, 1, 1]);
  });

  it('has the interval around the slope, and narrower with more points', () => {
    const width = (count: number) => {
      const { slope, low, high, p } = trendOf(series(count, (index) => index / 10 + noise(index)));
      assert.ok(low !== null && high !== null && low < slope && slope < high && p < 0.001);
      assert.ok(low < 0.1 && 0.1 < high, `${low} to ${high}`);
      return high - low;
    };
    assert.ok(width(60) < width(30));
  });

  it('takes figures that hang together for less than as many that do not', () => {
    const apart = trendOf(series(60, noise));
    assert.ok(apart.p > 0.1, `${apart.p}`);
    // One step up and a few down and up: for a test that takes points as free, p is below 1e-6.
    const levels = [0, 3, 1, 4, 2, 5];
    const steps = (index: number) => (levels[Math.floor(index / 10)] ?? 0) + 0.01 * noise(index);
    const together = trendOf(series(60, steps));
    assert.ok(together.slope > 0 && together.p > 0.005, `${together.p}`);
  });

  it('sees no trend in what never changes or falls', () => {
    const still = trendOf(series(30, () => 5));
    assert.deepEqual([still.slope, still.low, still.high, still.p], [0, 0, 0, 0.5]);
    assert.ok(trendOf(series(30, (index) => -index)).p >= 0.5);
  });

  it('is not moved by a few wild figures', () => {
    const wild = trendOf(series(40, (index) => (index % 10 === 3 ? 1e6 : index)));
    assert.ok(Math.abs(wild.slope - 1) < 0.2, `${wild.slope}`);
  });
});

describe('a drift', () => {
  it('needs windows enough', () => {
    const few = driftOf(
      'handles',
      series(LEAST_WINDOWS - 1, (index) => index),
      19,
    );
    assert.deepEqual(few, {
      metric: 'handles',
      unit: 'handles/h',
      windows: 19,
      slope: null,
      low: null,
      high: null,
      trendP: null,
      laterSlope: null,
    });
    assert.equal(risesAbove(few, 0), false);
  });

  it('rises above a limit when its whole interval does, and it goes on', () => {
    const leak = driftOf(
      'handles',
      series(60, (index) => 3 * index + noise(index)),
      60,
    );
    assert.equal(risesAbove(leak, 0), true);
    assert.equal(risesAbove(leak, 2.9), true);
    assert.equal(risesAbove(leak, 3.1), false);
    const settles = series(60, (index) => Math.min(index, 25) + noise(index));
    assert.equal(risesAbove(driftOf('handles', settles, 60), 0), false);
  });

  it('does not rise when it is beyond chance but dies away, or is not beyond chance', () => {
    const leak = driftOf(
      'handles',
      series(60, (index) => 3 * index + noise(index)),
      60,
    );
    assert.equal(risesAbove({ ...leak, laterSlope: 2 }, 1), true);
    assert.equal(risesAbove({ ...leak, laterSlope: 1.4 }, 1), false);
    assert.equal(risesAbove({ ...leak, laterSlope: 2 }, 2.5), false);
    assert.equal(risesAbove({ ...leak, trendP: 0.006 }, 1), false);
    assert.equal(risesAbove({ ...leak, low: null }, 1), false);
  });

  it('rests on medians of neighbours when there are many windows', () => {
    const many = thinned(series(61, (index) => index));
    assert.equal(many.length, 60);
    assert.deepEqual(many.at(-1), { atHours: 59.5, value: 59.5 });
    assert.deepEqual(thinned(series(60, noise)), series(60, noise));
  });
});

describe('driftsOf', () => {
  const gang = (leak: number, latencyMs: (index: number) => number = () => 2) => {
    const windows = serverWindows(60, (index) => ({
      workingSetBytes: 50_000_000 + index * leak,
      handles: null,
    }));
    const server = serverResult(serverFigures(1100));
    const fleet = fleetResult();
    const fleetSeries = fleetWindows(60, (index) => ({ latencyMs: latencyMs(index) }));
    return {
      server: { ...server, series: { windowSeconds: 1, windows } },
      fleets: { 'agent-b': { ...fleet, series: { windowSeconds: 1, windows: fleetSeries } } },
    };
  };
  const drift = (metric: string, of: ReturnType<typeof gang>) => {
    const found = driftsOf(of).find((each) => each.metric === metric);
    assert.ok(found !== undefined);
    return found;
  };

  it('finds a leak of memory, in bytes per hour', () => {
    const { slope, windows } = drift('workingSet', gang(1000));
    assert.equal(Math.round(slope ?? 0), 3_600_000);
    assert.equal(windows, 60);
    assert.equal(drift('workingSet', gang(0)).slope, 0);
  });

  it('has nothing to say of what the platform does not tell', () => {
    const { slope, windows } = drift('handles', gang(0));
    assert.deepEqual([slope, windows], [null, 0]);
    assert.equal(drift('privateBytes', gang(0)).slope, null);
    const noServer = driftsOf({ ...gang(0), server: null });
    assert.ok(noServer.every(({ metric, slope: own }) => metric === 'p99' || own === null));
  });

  it('finds latency that grows, in microseconds per hour', () => {
    const { slope } = drift(
      'p99',
      gang(0, (index) => 2 + index / 10),
    );
    assert.ok(Math.abs((slope ?? 0) / 360_000 - 1) < 0.01, `${slope}`);
    assert.ok(Math.abs(drift('p99', gang(0)).slope ?? 1) < 1e-9);
  });

  it('takes neighbouring windows together where one has too few echoes for a p99', () => {
    const of = gang(0);
    const fleet = of.fleets['agent-b'];
    const windows = (echoed: number) => fleetWindows(60, () => ({ load: madeLoad(echoed) }));
    const withEchoes = (echoed: number) =>
      drift('p99', {
        ...of,
        fleets: { 'agent-b': { ...fleet, series: { windowSeconds: 1, windows: windows(echoed) } } },
      });
    assert.notEqual(withEchoes(40).slope, null);
    assert.equal(withEchoes(30).slope, null);
  });
});
