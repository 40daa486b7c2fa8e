import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetWindow, RunResult } from '@oversoak/contracts';
import {
  fleetResult,
  fleetWindows,
  madeLoad,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import { commonEnds, cutsOf, stretchesOf } from '../../src/judge/windows.ts';

const seconds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Windows of a fleet that slept from the end of one window to that of another. */
function slept(windows: readonly FleetWindow[], from: number, to: number): FleetWindow[] {
  return windows
    .filter(({ endSeconds }) => endSeconds <= from || endSeconds >= to)
    .map((window) => (window.endSeconds === to ? { ...window, startSeconds: from } : window));
}

function gang(...ofFleets: FleetWindow[][]): Pick<RunResult, 'server' | 'fleets'> {
  const fleets = ofFleets.map((windows, index) => [
    `agent-${index}`,
    { ...fleetResult(), series: { windowSeconds: 1, windows } },
  ]);
  const series = { windowSeconds: 1, windows: serverWindows(ofFleets[0]?.length ?? 0) };
  return {
    server: { ...serverResult(), series },
    fleets: Object.fromEntries(fleets),
  };
}

describe('cutsOf', () => {
  it('cuts a measurement at equal intervals', () => {
    assert.deepEqual(cutsOf(seconds(120), 60), [60, 120]);
    assert.deepEqual(cutsOf(seconds(3), 1), [1, 2, 3]);
    assert.deepEqual(cutsOf([], 60), []);
  });

  it('keeps a remainder of half a window, and joins a shorter one to the last', () => {
    assert.deepEqual(cutsOf(seconds(90), 60), [60, 90]);
    assert.deepEqual(cutsOf(seconds(89), 60), [89]);
    assert.deepEqual(cutsOf(seconds(140), 60), [60, 140]);
  });

  it('does not cut at a boundary that a member missed', () => {
    const ends = seconds(180).filter((end) => end < 50 || end > 70);
    assert.deepEqual(cutsOf(ends, 60), [120, 180]);
  });
});

describe('stretchesOf', () => {
  it('adds up the fleets, and merges their histograms by counts', () => {
    const fast = fleetWindows(4, () => ({ latencyMs: 1 }));
    const slow = fleetWindows(4, () => ({ latencyMs: 9, load: madeLoad(300, { late: 2 }) }));
    const [first, second, ...more] = stretchesOf(gang(fast, slow), 2);
    assert.ok(first !== undefined && second !== undefined && more.length === 0);
    assert.deepEqual([first.startSeconds, first.endSeconds], [0, 2]);
    assert.deepEqual([second.startSeconds, second.endSeconds], [2, 4]);
    assert.deepEqual([first.load.due, first.load.sent, first.load.late], [800, 800, 4]);
    const latency = first.latency();
    assert.equal(latency.totalCount, 800);
    assert.equal(Math.round(latency.getValueAtPercentile(20) / 1e6), 1);
    assert.equal(Math.round(latency.getValueAtPercentile(50) / 1e6), 9);
  });

  it('has errors of fleets and server, by class', () => {
    const errors = { ...fleetWindows(1)[0]?.errors, corrupt: 2 } as FleetWindow['errors'];
    const of = gang(fleetWindows(2, (index) => (index === 1 ? { errors } : {})));
    const counts = stretchesOf(of, 1).map((stretch) => stretch.errors);
    assert.deepEqual(
      counts.map(({ corrupt, malformedFrame }) => [corrupt, malformedFrame]),
      [
        [0, 0],
        [2, 0],
      ],
    );
  });

  it('loses nothing of a stalled fleet: its stretch is longer', () => {
    const awake = fleetWindows(6);
    const of = gang(awake, slept(awake, 1, 3));
    assert.deepEqual(
      commonEnds(Object.values(of.fleets).map(({ series }) => series)),
      [1, 3, 4, 5, 6],
    );
    const stretches = stretchesOf(of, 2);
    assert.deepEqual(
      stretches.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]),
      [
        [0, 4],
        [4, 6],
      ],
    );
    assert.equal(stretches[0]?.load.sent, 700);
  });

  it('counts messages sent after the end of a stretch as not achieved in it', () => {
    const late = (index: number): Partial<FleetWindow> =>
      index !== 1
        ? {}
        : {
            load: madeLoad(100, { held: 60, afterEnd: 60 }),
            leftLater: [
              { windows: 1, messages: 30 },
              { windows: 2, messages: 20 },
              { windows: 5, messages: 10 },
            ],
          };
    const of = gang(fleetWindows(6, late));
    const afterEnd = (everySeconds: number) =>
      stretchesOf(of, everySeconds).map(({ load }) => load.afterEnd);
    assert.deepEqual(afterEnd(1), [0, 60, 0, 0, 0, 0]);
    assert.deepEqual(afterEnd(2), [60, 0, 0], 'the next window is in the next stretch');
    assert.deepEqual(afterEnd(3), [30, 0], 'what left in the next window is in time');
    assert.deepEqual(afterEnd(6), [10]);
  });
});
