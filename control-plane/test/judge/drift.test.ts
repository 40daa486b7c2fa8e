import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  fleetResult,
  fleetWindows,
  madeLoad,
  serverFigures,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import { driftOf, driftsOf, isBelow, MIN_WINDOWS, risesAbove } from '../../src/judge/drift.ts';
import { thinned } from '../../src/judge/points.ts';
import { slopeOf } from '../../src/judge/slope.ts';
import { NIGHT_LEAK_BYTES, NIGHT_WINDOW_SECONDS } from './night-leak.ts';

/** Values as points that are an hour apart. */
const hourly = (values: readonly number[]) =>
  values.map((value, index) => ({ atHours: index, value }));

/** Scatters from -0.5 to 0.5, the same each time. */
const noise = (index: number) => ((Math.abs(Math.sin(index + 1)) * 43_758.5453) % 1) - 0.5;

const series = (count: number, value: (index: number) => number) =>
  hourly(Array.from({ length: count }, (_, index) => value(index)));

describe('slopeOf', () => {
  it('is exact if all pairs have the same slope', () => {
    const { slope, low, high } = slopeOf(hourly([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    assert.deepEqual([slope, low, high], [1, 1, 1]);
  });

  it('has an interval around the slope, which is narrower with more points', () => {
    const width = (count: number) => {
      const { slope, low, high } = slopeOf(series(count, (index) => index / 10 + noise(index)));
      assert.ok(low !== null && high !== null && low < slope && slope < high);
      assert.ok(low < 0.1 && 0.1 < high, `${low} to ${high}`);
      return high - low;
    };
    assert.ok(width(60) < width(30));
  });

  it('counts autocorrelated figures as fewer independent ones', () => {
    const width = (value: (index: number) => number) => {
      const { low, high } = slopeOf(series(60, value));
      assert.ok(low !== null && high !== null);
      return high - low;
    };
    const levels = [0, 3, 1, 4, 2, 5];
    const level = (index: number) => levels[Math.floor(index / 10)] ?? 0;
    const together = width(level);
    const apart = width((index) => level((index * 7) % 60));
    assert.ok(together > 2 * apart, `${together}, ${apart}`);
  });

  it('is zero for a constant series', () => {
    const still = slopeOf(series(30, () => 5));
    assert.deepEqual([still.slope, still.low, still.high], [0, 0, 0]);
  });

  it('has an interval also for a random walk', () => {
    // Smooth: what Kendall's variance is inflated by has no end here.
    const slow = slopeOf(series(40, (index) => index + 2 * Math.sin(index / 6)));
    const { slope, low, high } = slow;
    assert.ok(low !== null && high !== null, JSON.stringify(slow));
    assert.ok(low > 0.4 && low < 1 && high > 1 && high < 1.6, JSON.stringify(slow));
    assert.ok(Math.abs(slope - 1) < 0.2, `${slope}`);
  });

  it('is robust against a few outliers', () => {
    const wild = slopeOf(series(40, (index) => (index % 10 === 3 ? 1e6 : index)));
    assert.ok(Math.abs(wild.slope - 1) < 0.2, `${wild.slope}`);
  });
});

describe('a drift', () => {
  it('needs enough windows', () => {
    const few = driftOf(
      'handles',
      series(MIN_WINDOWS - 1, (index) => index),
      19,
    );
    assert.deepEqual(few, {
      metric: 'handles',
      unit: 'handles/h',
      windows: 19,
      hours: 0,
      cycles: 0,
      slope: null,
      low: null,
      high: null,
      rise: null,
    });
    assert.equal(risesAbove(few, 0), false);
  });

  const leakOf = (value: (index: number) => number) => driftOf('handles', series(60, value), 60);
  const leak = leakOf((index) => 3 * index + noise(index));

  it('rises above a limit when its whole interval does', () => {
    assert.equal(risesAbove(leak, 0), true);
    assert.equal(risesAbove(leak, 2.9), true);
    assert.equal(risesAbove(leak, 3.1), false);
    assert.equal(isBelow(leak, 3.1), true);
    assert.equal(isBelow(leak, 2.9), false);
    assert.equal(risesAbove({ ...leak, low: null }, 1), false);
    assert.equal(isBelow({ ...leak, high: null }, 9), false);
  });

  it('does not rise unless it has the shape of a leak', () => {
    for (const rise of ['none', 'bent', 'few-cycles', null] as const) {
      assert.equal(risesAbove({ ...leak, rise }, 1), false, String(rise));
    }
    assert.equal(leakOf((index) => Math.min(index, 25) + noise(index)).rise, 'none');
  });

  it('is reported for a short measurement only at many times its limit', () => {
    const short = { ...leak, hours: 0.5 };
    assert.equal(risesAbove(short, 2), false);
    assert.equal(risesAbove(short, 0.1), true);
    assert.equal(risesAbove({ ...leak, hours: 0.6 }, 2), true);
  });

  it('is judged on the lowest points of its cycles, and states their number', () => {
    const points = series(600, (index) => index / 100 + 2 * (index % 20));
    const { cycles, slope, low, high, rise } = driftOf('workingSet', points, 600);
    assert.equal(cycles, 29);
    assert.ok(Math.abs((slope ?? 0) - 0.01) < 1e-9 && rise === 'steady');
    // A lowest point lies somewhere in its window, in which the series rises by 2.
    assert.ok((low ?? 0) < 0.01 - 2 / 600 && (high ?? 0) > 0.01 + 2 / 600);
    const few = driftOf(
      'workingSet',
      series(600, (index) => 2 * (index % 250)),
      600,
    );
    assert.deepEqual([few.cycles, few.rise], [2, 'few-cycles']);
  });

  it('is not below a limit that its end exceeds, whatever fell before', () => {
    const fallsThenRises = leakOf((index) => (index < 36 ? -8 * index : -288 + 2 * (index - 36)));
    assert.ok((fallsThenRises.slope ?? 0) < 0);
    assert.equal(isBelow(fallsThenRises, 1), false);
    const fallsThenStays = leakOf((index) => (index < 20 ? -8 * index : -160) + noise(index));
    assert.equal(isBelow(fallsThenStays, 1), true);
  });

  it('is not below a limit that a decay hides', () => {
    const decaysOver = (constantHours: number, leak: number) => {
      const points = Array.from({ length: 720 }, (_, index) => {
        const atHours = index / 12;
        const decay = 600 * Math.exp(-atHours / constantHours);
        return { atHours, value: decay + leak * atHours + noise(index) };
      });
      return driftOf('handles', points, 720);
    };
    for (const constant of [25, 30, 60]) {
      const hidden = decaysOver(constant, 1);
      assert.ok((hidden.slope ?? 0) < -2);
      assert.equal(isBelow(hidden, 0.5), false, `${constant} h`);
    }
    assert.equal(isBelow(decaysOver(4, 0), 0.5), true);
  });

  it('does not take noise with single high values for cycles', () => {
    const spiky = (index: number) => index / 10 + noise(index) * (index % 9 === 0 ? 40 : 0.2);
    const { cycles, rise } = driftOf('workingSet', series(180, spiky), 180);
    assert.deepEqual([cycles, rise], [0, 'steady']);
  });

  it('excludes the effects of start-up', () => {
    const started = leakOf((index) => (index < 6 ? 10 * index : 60) + noise(index) / 10);
    assert.equal(isBelow(started, 0.1), true);
    const leaking = leakOf((index) => (index < 6 ? 10 * index : 60) + index + noise(index) / 10);
    assert.equal(risesAbove(leaking, 0.9), true);
  });

  it('finds the leak of a real night, behind a start and under a walk', () => {
    const points = NIGHT_LEAK_BYTES.map((value, index) => ({
      atHours: ((index + 1) * NIGHT_WINDOW_SECONDS) / 3600,
      value,
    }));
    const drift = driftOf('workingSet', points, points.length);
    assert.equal(drift.rise, 'steady');
    assert.equal(risesAbove(drift, 1024 ** 2), true);
  });

  it('uses means of neighbours if there are many windows', () => {
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

  it('is unknown for figures that the platform does not report', () => {
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

  it('merges neighbouring windows with too few echoes for a p99', () => {
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
