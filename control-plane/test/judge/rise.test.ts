import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
});
