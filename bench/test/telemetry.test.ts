import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  costOf,
  hostOverhead,
  MODES,
  medianInterval,
  moreCpuOf,
  orderOf,
} from '../src/telemetry/summary.ts';

const counted = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the telemetry bench', () => {
  it('starts each round with another mode', () => {
    assert.deepEqual([0, 1, 2, 3].map(orderOf), [
      ['off', 'on', 'away'],
      ['on', 'away', 'off'],
      ['away', 'off', 'on'],
      ['off', 'on', 'away'],
    ]);
  });

  it('computes the interval of a median from the order of the values, as sign test tables do', () => {
    for (const [count, low, high] of [
      [6, 1, 6],
      [8, 1, 8],
      [9, 2, 8],
      [15, 4, 12],
      [25, 8, 18],
    ] as const) {
      assert.deepEqual(medianInterval(counted(count).toReversed()), [low, high], `${count}`);
    }
    assert.equal(medianInterval(counted(5)), null);
    assert.equal(medianInterval([]), null);
  });

  it('states the cost by the whole interval', () => {
    const figures = (echoesPerSecond: number) => ({ echoesPerSecond, overheadCpu: 0.02 });
    const rounds = (ratios: number[]) =>
      ratios.map((ratio) => ({
        off: figures(2000),
        on: figures(2000 * ratio),
        away: figures(2000),
      }));
    const word = (ratios: number[]) => costOf(rounds(ratios), 'on').word;
    assert.equal(word([0.99, 1, 0.985, 1.01, 0.99, 0.98]), 'within');
    assert.equal(word([0.9, 0.95, 0.93, 0.97, 0.92, 0.979]), 'beyond');
    assert.equal(word([0.9, 1, 0.99, 1, 1, 1]), 'undecided');
    assert.equal(word([0.5, 0.5]), 'undecided');
    assert.equal(costOf(rounds([0.9, 1, 0.99, 1, 1, 1]), 'on').ratio, 1);
    assert.equal(MODES[0], 'off');
  });

  it('subtracts the native threads from a host', () => {
    const times = (userSeconds: number, kernelSeconds: number) => ({ userSeconds, kernelSeconds });
    const figures = {
      measureStart: { process: times(1, 1), threads: [times(0.5, 0.5), times(0.25, 0.25)] },
      measureEnd: { process: times(4, 3), threads: [times(2, 2), times(1, 1)] },
    };
    // Of five seconds the threads had four and a half.
    assert.equal(hostOverhead({ measuredSeconds: 10, figures }), 0.05);
  });

  it('computes the extra cost of an agent and its host within each round', () => {
    const figures = (overheadCpu: number) => ({ echoesPerSecond: 2000, overheadCpu });
    const rounds = [0.1, 0.2, 0.3].map((off) => ({
      off: figures(off),
      on: figures(off + 0.01),
      away: figures(off),
    }));
    assert.ok(Math.abs(moreCpuOf(rounds, 'on').more - 0.01) < 1e-9);
    assert.equal(moreCpuOf(rounds, 'away').more, 0);
  });
});
