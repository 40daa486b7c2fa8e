import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { observe, sharedWindowSeconds } from '../../src/comparison/observations.ts';
import { histogram, madeLoad, madeResult, madeSpec, targetResult } from '../made-figures.ts';
import {
  fleetWindow,
  serverWindow,
  windowedResult,
  withFleetWindows,
  withServerWindows,
} from '../made-windows.ts';

const about = (value: number | undefined, expected: number) =>
  assert.ok(Math.abs((value ?? Number.NaN) / expected - 1) < 1e-3, `${value}, not ${expected}`);

/** A spec of these phases and rate; the closed loop has none. */
function spec(measureSeconds: number, repeats = 1, ratePerSecond: number | null = 1000) {
  const { phases, workload } = madeSpec();
  const { ratePerSecond: _, ...loop } = workload;
  return madeSpec({
    phases: { ...phases, measureSeconds },
    repeats,
    workload:
      ratePerSecond === null ? { ...loop, pacing: 'closed' } : { ...workload, ratePerSecond },
  });
}

describe('sharedWindowSeconds', () => {
  it('keeps the agents’ windows where they are few', () => {
    assert.equal(sharedWindowSeconds([spec(12)]), 1);
    assert.equal(sharedWindowSeconds([spec(60)]), 1);
  });
  it('takes several together for a long measurement, and more so for many repeats', () => {
    assert.equal(sharedWindowSeconds([spec(61)]), 2);
    assert.equal(sharedWindowSeconds([spec(60, 16)]), 2);
    assert.equal(sharedWindowSeconds([spec(60, 100)]), 8);
    // A night: the agents keep windows of a minute.
    assert.equal(sharedWindowSeconds([spec(8 * 3600)]), 480);
  });
  it('is long enough for a p99, but where the echoes set the pace', () => {
    assert.equal(sharedWindowSeconds([spec(60, 1, 30)]), 4);
    assert.equal(sharedWindowSeconds([spec(60, 1, null)]), 1);
  });
  it('is one length for both sides', () => {
    assert.equal(sharedWindowSeconds([spec(12), spec(8 * 3600)]), 480);
  });
});

describe('observe', () => {
  it('tells each window’s figures', async () => {
    const {
      'echo.latency.p50': p50,
      'echo.latency.p99': p99,
      ...rest
    } = await observe(windowedResult([2, 3]), 1);
    about(p50[0], 2000 * 2 ** -0.01);
    about(p50[1], 3000 * 2 ** -0.01);
    assert.equal(p99.length, 2);
    assert.deepEqual(rest, {
      'achieved.rate': [100, 100],
      serverCpuSecondsPer1000Echoes: [0.2, 0.2],
      serverWorkingSet: [50_000_000, 50_000_000],
    });
  });

  it('merges fleets and windows by counts', async () => {
    const slow = { intended: histogram(300, 8), sent: 300, echoed: 300 };
    const quick = { intended: histogram(100, 1) };
    const fleets = {
      'agent-b': withFleetWindows([0, 1].map((index) => fleetWindow(index, slow))),
      'agent-c': withFleetWindows([0, 1].map((index) => fleetWindow(index, quick))),
    };
    const server = withServerWindows([
      serverWindow(0, { cpuSeconds: 0.1, echoed: 900 }),
      serverWindow(1, { cpuSeconds: 0.1, echoed: 100 }),
    ]);
    const observed = await observe(madeResult({ fleets, server }), 2);
    // Averages of the fleets' percentiles would be 4.5 ms.
    about(observed['echo.latency.p50'][0], 8000);
    assert.deepEqual(observed['achieved.rate'], [400]);
    about(observed.serverCpuSecondsPer1000Echoes[0], 0.2);
    assert.equal(observed.serverWorkingSet.length, 1);
  });

  it('leaves out a window that not every fleet has, and a rest at the end', async () => {
    const fleets = {
      'agent-b': withFleetWindows([0, 1, 2].map((index) => fleetWindow(index))),
      'agent-c': withFleetWindows([0, 2].map((index) => fleetWindow(index))),
    };
    assert.deepEqual((await observe(madeResult({ fleets }), 1))['achieved.rate'], [200, 200]);
    assert.deepEqual((await observe(madeResult({ fleets }), 2))['achieved.rate'], []);
    const one = { 'agent-b': fleets['agent-b'] };
    assert.deepEqual((await observe(madeResult({ fleets: one }), 2))['achieved.rate'], [100]);
  });

  it('takes the rate of a window that was slept through over its whole length', async () => {
    const windows = [
      fleetWindow(0),
      fleetWindow(1, { endSeconds: 4, load: madeLoad(150) }),
      fleetWindow(4),
    ];
    const fleets = { 'agent-b': withFleetWindows(windows) };
    assert.deepEqual((await observe(madeResult({ fleets }), 1))['achieved.rate'], [100, 50, 100]);
  });

  it('has no figure where there is none', async () => {
    const silent = { intended: histogram(0), echoed: 0 };
    const fleets = { 'agent-b': withFleetWindows([fleetWindow(0, silent)]) };
    const observed = await observe(targetResult({ fleets }), 1);
    assert.deepEqual(observed, {
      'echo.latency.p50': [],
      'echo.latency.p99': [],
      'achieved.rate': [100],
      serverCpuSecondsPer1000Echoes: [],
      serverWorkingSet: [],
    });
    assert.deepEqual((await observe(madeResult(), 1))['achieved.rate'], []);
  });
});
