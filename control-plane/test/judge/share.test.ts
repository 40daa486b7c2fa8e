import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLessThan, isMoreThan } from '../../src/judge/share.ts';

/** The chance of at least so many of a total, each with this probability, added up term by term. */
function atLeast(count: number, total: number, probability: number): number {
  let term = (1 - probability) ** total;
  let below = 0;
  for (let k = 0; k < count; k += 1) {
    below += term;
    term *= ((total - k) / (k + 1)) * (probability / (1 - probability));
  }
  return 1 - below;
}

describe('a share of a total', () => {
  it('is significantly more at the level of the test', () => {
    for (const [count, total] of [
      [5, 100],
      [12, 300],
      [40, 2000],
    ] as const) {
      const chance = atLeast(count, total, 0.01);
      assert.equal(isMoreThan(0.01, count, total, chance * 1.001), true);
      assert.equal(isMoreThan(0.01, count, total, chance * 0.999), false);
    }
  });

  it('is significantly less at the level of the test', () => {
    const chance = 1 - atLeast(6, 2000, 0.01);
    assert.equal(isLessThan(0.01, 5, 2000, chance * 1.001), true);
    assert.equal(isLessThan(0.01, 5, 2000, chance * 0.999), false);
  });

  it('is never more with a count of 0, nor less with a full count', () => {
    assert.equal(isMoreThan(0.01, 0, 100, 0.99), false);
    assert.equal(isLessThan(0.99, 100, 100, 0.99), false);
  });
});
