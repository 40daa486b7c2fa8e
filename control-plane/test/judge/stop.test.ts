import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normal, seeded } from '@oversoak/testing/builders/made-random';
import { bendOf } from '../../src/judge/bend.ts';
import { thinned } from '../../src/judge/points.ts';
import { stopsRising } from '../../src/judge/stop.ts';

const WINDOWS = 360;
const SERIES = 200;

/** How many of the series stop, with noise of this share of their rise. */
function stopped(value: (at: number) => number, noise: number): number {
  const random = seeded(7);
  let count = 0;
  for (let made = 0; made < SERIES; made++) {
    const points = Array.from({ length: WINDOWS }, (_, index) => ({
      atHours: index / WINDOWS,
      value: value(index / WINDOWS) + noise * normal(random),
    }));
    if (stopsRising(points, bendOf(thinned(points)).noise)) count += 1;
  }
  return count;
}

describe('a rise that stops', () => {
  const until = (share: number) => (at: number) => Math.min(at, share);

  it('is seen the later, the less noise there is', () => {
    assert.ok(stopped(until(0.9), 0.02) >= 0.97 * SERIES);
    assert.ok(stopped(until(0.98), 0.001) >= 0.97 * SERIES);
    assert.ok(stopped(until(0.98), 0.02) < SERIES / 2);
  });

  it('is rarely seen in one that goes on', () => {
    for (const noise of [0, 0.001, 0.02, 0.1]) {
      const count = stopped((at) => at, noise);
      assert.ok(count <= 0.03 * SERIES, `${count} of ${SERIES} at ${noise}`);
    }
  });

  it('is not the last stretch between two steps', () => {
    for (const steps of [6, 8, 11, 20]) {
      const stairs = (at: number) => Math.floor(steps * at * 0.999) / steps;
      assert.ok(stopped(stairs, 0.001) <= 0.03 * SERIES, `${steps} steps`);
    }
  });

  it('is not one that only becomes a little slower', () => {
    const slower = (at: number) => Math.min(at, 0.9) + 0.7 * Math.max(0, at - 0.9);
    assert.ok(stopped(slower, 0.001) <= 0.03 * SERIES);
  });
});
