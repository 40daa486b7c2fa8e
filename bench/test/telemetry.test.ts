import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costOf, MODES, medianInterval, orderOf } from '../src/telemetry/summary.ts';

const counted = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the telemetry bench', () => {
  it('begins each round with another mode', () => {
    assert.deepEqual([0, 1, 2, 3].map(orderOf), [
      ['off', 'on', 'away'],
      ['on', 'away', 'off'],
      ['away', 'off', 'on'],
      ['off', 'on', 'away'],
    ]);
  });

  it('knows where a median lies by the order of the values, as tables of the sign test do', () => {
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

  it('says what the cost is by the whole interval', () => {
    const rounds = (ratios: number[]) =>
      ratios.map((ratio) => ({ off: 2000, on: 2000 * ratio, away: 2000 }));
    const word = (ratios: number[]) => costOf(rounds(ratios), 'on').word;
    assert.equal(word([0.99, 1, 0.985, 1.01, 0.99, 0.98]), 'within');
    assert.equal(word([0.9, 0.95, 0.93, 0.97, 0.92, 0.979]), 'beyond');
    assert.equal(word([0.9, 1, 0.99, 1, 1, 1]), 'cannot tell');
    assert.equal(word([0.5, 0.5]), 'cannot tell');
    assert.equal(costOf(rounds([0.9, 1, 0.99, 1, 1, 1]), 'on').ratio, 1);
    assert.equal(MODES[0], 'off');
  });
});
