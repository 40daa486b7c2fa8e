import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cyclesOf, floorOf, MIN_CYCLES } from '../../src/judge/cycles.ts';

const series = (count: number, value: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => ({ atHours: index / 60, value: value(index) }));

/** Scatters from -0.5 to 0.5, the same each time. */
const noise = (index: number) => ((Math.abs(Math.sin(index + 1)) * 43_758.5453) % 1) - 0.5;
const teeth = (length: number) => (index: number) => index % length;

describe('cyclesOf', () => {
  it('finds each large fall, and the lowest point of each finished one', () => {
    const values = [0, 5, 1, 2, 6, 3, 0, 4, 1];
    const { falls, troughs } = cyclesOf(
      series(values.length, (index) => values[index] ?? 0),
      3,
    );
    assert.deepEqual(falls, [4, 6, 3]);
    assert.deepEqual(
      troughs.map(({ value }) => value),
      [1, 0],
    );
  });

  it('finds none in a series that never falls or never changes', () => {
    assert.deepEqual(
      cyclesOf(
        series(9, (index) => index),
        1,
      ).falls,
      [],
    );
    assert.deepEqual(
      cyclesOf(
        series(9, () => 4),
        0,
      ).falls,
      [],
    );
  });
});

describe('the floor of a series', () => {
  it('is the series itself if all falls are noise', () => {
    const noisy = series(300, (index) => index / 100 + noise(index));
    assert.deepEqual(floorOf(noisy), { points: noisy, cycles: 0 });
  });

  it('is the lowest points of its cycles', () => {
    const { points, cycles } = floorOf(series(300, (index) => teeth(10)(index) + index / 100));
    assert.equal(cycles, 29);
    assert.ok(points.every(({ value }, index) => Math.abs(value - (index + 1) / 10) < 1e-9));
  });

  it('is unknown with few cycles: a rise between two falls may end in another fall', () => {
    for (const length of [50, 100, 160, 290]) {
      const { cycles } = floorOf(series(300, teeth(length)));
      assert.ok(cycles > 0 && cycles < MIN_CYCLES, `${cycles} of ${length}`);
    }
  });

  it('finds the large cycle under small ones, also if it ends before the first of them', () => {
    const both = (index: number) => 6 * teeth(10)(index) + teeth(290)(index + 285) / 3;
    assert.equal(floorOf(series(290, both)).cycles, 1);
  });

  it('is unknown if the cycles end long before the series', () => {
    const early = (index: number) => (index < 120 ? teeth(10)(index) : 9);
    assert.ok(floorOf(series(300, early)).cycles < MIN_CYCLES);
  });

  it('ignores a spike of one window', () => {
    const spiked = series(300, (index) => (index === 150 ? 500 : noise(index)));
    const { points, cycles } = floorOf(spiked);
    assert.equal(cycles, 0);
    assert.ok(Math.max(...points.map(({ value }) => value)) < 1);
  });
});
