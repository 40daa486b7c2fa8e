import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normal, seeded } from '@oversoak/testing/builders/made-random';
import { riseOf } from '../../src/judge/rise.ts';

/** Over an hour: a value at each share of it, 0 to 1. */
const series = (value: (at: number, index: number) => number) =>
  Array.from({ length: 60 }, (_, index) => ({
    atHours: index / 60,
    value: value(index / 60, index),
  }));

/** Scatters from -0.5 to 0.5, the same each time. */
const noise = (index: number) => ((Math.abs(Math.sin(index + 1)) * 43_758.5453) % 1) - 0.5;

describe('a rise', () => {
  it('is steady if it continues through the whole series', () => {
    assert.equal(riseOf(series((at) => 3 * at)), 'steady');
    assert.equal(riseOf(series((at, index) => 10 * at + noise(index))), 'steady');
    assert.equal(riseOf(series((at) => Math.floor(16 * at))), 'steady');
  });

  it('is none if nothing rises, or only a part', () => {
    assert.equal(riseOf(series(() => 4)), 'none');
    assert.equal(riseOf(series((_, index) => noise(index))), 'none');
    assert.equal(riseOf(series((at) => (at < 0.4 ? 0 : 9))), 'none');
    assert.equal(riseOf(series((at) => -3 * at)), 'none');
  });

  it('has a bend if it levels off, grows as log t, accelerates, or is the flank of a cycle', () => {
    for (const share of [0.3, 0.6, 1]) {
      assert.equal(riseOf(series((at) => 1 - Math.exp(-at / share))), 'bent', `fill, ${share}`);
    }
    assert.equal(riseOf(series((at) => Math.log(1 + at / 0.2))), 'bent');
    const speedsUp = (at: number, index: number) => 10 * at ** 2 + 5 * at + noise(index);
    assert.equal(riseOf(series(speedsUp)), 'bent');
    assert.equal(riseOf(series((at) => Math.sin(2 * (at - 0.5)))), 'bent');
  });

  it('has a bend also if noise could hide that of a fill as long as the run', () => {
    const fill = (at: number) => 10 * (1 - Math.exp(-at));
    assert.equal(riseOf(series((at, index) => fill(at) + 3 * noise(index))), 'bent');
    assert.equal(riseOf(series((at, index) => 10 * at + noise(index))), 'steady');
  });

  /** How many series of handles rise steadily: they open at random, and live for `life` runs. */
  function steadyOf(full: number, life: number, count: number): number {
    const random = seeded(5);
    const windows = 360;
    let steady = 0;
    for (let made = 0; made < count; made++) {
      let open = 0;
      const points = Array.from({ length: windows }, (_, index) => {
        const change = (full - open) / (life * windows);
        const scatter = Math.sqrt((full + open) / (life * windows));
        open += change + scatter * normal(random);
        return { atHours: index / windows, value: Math.max(0, Math.round(open)) };
      });
      if (riseOf(points) === 'steady') steady += 1;
    }
    return steady;
  }

  it('has a bend if chance could hide that handles close as they grow old', () => {
    for (const [full, life] of [
      [200, 1],
      [400, 1],
      [400, 1.5],
    ] as const) {
      const steady = steadyOf(full, life, 100);
      assert.ok(steady <= 9, `${steady} of 100 are steady: ${full} handles, ${life} run`);
    }
  });

  it('has a bend if it stops in its last points', () => {
    const stops = series((at) => 10 * Math.min(at, 0.93));
    const goesOn = series((at) => 10 * at);
    assert.deepEqual([riseOf(stops), riseOf(goesOn)], ['bent', 'steady']);
  });

  it('is steady in a few steps of equal size and time', () => {
    for (const steps of [5.3, 8, 13, 21]) {
      const stairs = series((at, index) => Math.round(steps * at + 0.02 * noise(index)));
      assert.equal(riseOf(stairs), 'steady', `${steps} steps`);
    }
  });
});
