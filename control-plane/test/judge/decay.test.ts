import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normal, seeded } from '@oversoak/testing/builders/made-random';
import { slopeUnderDecay } from '../../src/judge/decay.ts';

const SERIES = 100;
const POINTS = 60;
const HOURS = 2;

/** The upper ends found for series with scatter 0.01 over two hours. */
function highsOf(value: (at: number) => number): number[] {
  const random = seeded(11);
  return Array.from({ length: SERIES }, () => {
    const points = Array.from({ length: POINTS }, (_, index) => ({
      atHours: (HOURS * index) / POINTS,
      value: value(index / POINTS) + 0.01 * normal(random),
    }));
    return slopeUnderDecay(points) ?? Number.NEGATIVE_INFINITY;
  });
}

describe('the slope under a decay', () => {
  const LEAK_PER_HOUR = 0.5;

  it('is at least that of the leak which the decay hides', () => {
    for (const constant of [0.25, 0.7, 1.2]) {
      const hidden = (at: number) => LEAK_PER_HOUR * HOURS * at + 8 * Math.exp(-at / constant);
      const covered = highsOf(hidden).filter((high) => high > LEAK_PER_HOUR).length;
      assert.ok(covered >= 0.93 * SERIES, `${covered} of ${SERIES} at ${constant}`);
    }
  });

  it('is far below it if a quick decay hides nothing', () => {
    const highs = highsOf((at) => 8 * Math.exp(-at / 0.1));
    const low = highs.filter((high) => high < LEAK_PER_HOUR / 2).length;
    assert.ok(low >= 0.93 * SERIES, `${low} of ${SERIES}`);
  });

  it('is unknown if nothing decays', () => {
    const points = Array.from({ length: POINTS }, (_, at) => ({ atHours: at, value: -(at ** 2) }));
    assert.equal(slopeUnderDecay(points), null);
  });
});
