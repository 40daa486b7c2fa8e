import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LEAST_WINDOWS, type RepeatPair, ratioOfMedians } from '../../src/comparison/bootstrap.ts';
import { madeSeries, normal, type Random, seeded } from '../made-windows.ts';

interface Simulated {
  repeats: number;
  windows: number;
  /** Share of a window that comes from the one before. */
  carried: number;
  /** Of the repeats' own levels, beside what both sides of a repeat have in common. */
  betweenRepeats: number;
}

/** Two sides whose medians differ by `shift` in the logarithm. */
function simulate(random: Random, of: Simulated, shift: number): RepeatPair[] {
  const { windows, carried, betweenRepeats } = of;
  return Array.from({ length: of.repeats }, () => {
    const drift = 0.1 * normal(random);
    const side = (more: number) => {
      const offset = drift + betweenRepeats * normal(random) + more;
      return madeSeries(random, { windows, carried, offset });
    };
    return { left: side(0), right: side(shift) };
  });
}

const SIMULATIONS = 200;

/** Shares of the simulations whose interval holds the true ratio, and that see a difference. */
function simulated(of: Simulated, shift: number) {
  let held = 0;
  let seen = 0;
  for (let seed = 1; seed <= SIMULATIONS; seed++) {
    const interval = ratioOfMedians(simulate(seeded(seed), of, shift))?.interval;
    assert.ok(interval);
    if (interval.low <= Math.exp(shift) && Math.exp(shift) <= interval.high) held += 1;
    if (interval.low > 1 || interval.high < 1) seen += 1;
  }
  return { held: held / SIMULATIONS, seen: seen / SIMULATIONS };
}

describe('the interval of a ratio of medians', () => {
  for (const of of [
    { repeats: 1, windows: 30, carried: 0.3, betweenRepeats: 0 },
    { repeats: 1, windows: 60, carried: 0.5, betweenRepeats: 0 },
    { repeats: 2, windows: 12, carried: 0.3, betweenRepeats: 0.02 },
    { repeats: 3, windows: 12, carried: 0.3, betweenRepeats: 0 },
    { repeats: 3, windows: 30, carried: 0.3, betweenRepeats: 0.1 },
    { repeats: 5, windows: 20, carried: 0.5, betweenRepeats: 0.05 },
  ]) {
    const { repeats, windows, carried, betweenRepeats } = of;
    const name = `${repeats} × ${windows} windows, ${carried} carried, repeats ${betweenRepeats}`;
    it(`holds the true ratio 90 to 99 times in a hundred: ${name}`, (test) => {
      const { held } = simulated(of, 0.1);
      test.diagnostic(`${name}: held in ${(held * 100).toFixed(1)} %`);
      assert.ok(held >= 0.9 && held <= 0.99, `held in ${held}`);
    });
  }

  it('finds a planted 10 % where there are data enough', (test) => {
    const of = { repeats: 6, windows: 60, carried: 0.3, betweenRepeats: 0 };
    const { seen } = simulated(of, Math.log(1.1));
    test.diagnostic(`seen in ${(seen * 100).toFixed(1)} %`);
    assert.ok(seen >= 0.9, `seen in ${seen}`);
  });

  it('would be too narrow if windows were drawn one by one', () => {
    // What the blocks are for: windows that carry much over, taken out of their order.
    const of = { repeats: 1, windows: 60, carried: 0.7, betweenRepeats: 0 };
    const width = (pairs: RepeatPair[]) => {
      const interval = ratioOfMedians(pairs)?.interval;
      return interval ? Math.log(interval.high / interval.low) : Number.NaN;
    };
    const sorted = (values: readonly number[], random: Random) =>
      values
        .map((value) => ({ value, place: random() }))
        .sort((a, b) => a.place - b.place)
        .map(({ value }) => value);
    const ratios = Array.from({ length: 30 }, (_, seed) => {
      const random = seeded(seed + 1);
      const pairs = simulate(random, of, 0);
      const shuffled = pairs.map(({ left, right }) => ({
        left: sorted(left, random),
        right: sorted(right, random),
      }));
      return width(pairs) / width(shuffled);
    }).sort((a, b) => a - b);
    assert.ok((ratios[15] ?? 0) > 1.3, `${ratios[15]} times as wide`);
  });
});

describe('ratioOfMedians', () => {
  const pair = (windows: number, left = 100, right = 110): RepeatPair => ({
    left: Array.from({ length: windows }, (_, index) => left + index),
    right: Array.from({ length: windows }, (_, index) => right + index),
  });

  it('says the same of the same data', () => {
    const pairs = simulate(
      seeded(9),
      { repeats: 3, windows: 12, carried: 0, betweenRepeats: 0.1 },
      0,
    );
    assert.deepEqual(ratioOfMedians(pairs), ratioOfMedians(structuredClone(pairs)));
  });

  it('takes medians over repeats and windows', () => {
    const compared = ratioOfMedians([pair(9), pair(9, 200, 220)]);
    assert.deepEqual(
      [compared?.left, compared?.right, compared?.windows],
      [(108 + 200) / 2, (118 + 220) / 2, 18],
    );
    assert.equal(compared?.ratio, 169 / 154);
  });

  it('has no interval of too few windows, on either side', () => {
    assert.equal(ratioOfMedians([pair(LEAST_WINDOWS - 1)])?.interval, null);
    assert.ok(ratioOfMedians([pair(LEAST_WINDOWS)])?.interval);
    const lame = { left: pair(30).left, right: [1, 2, 3] };
    assert.equal(ratioOfMedians([lame])?.interval, null);
    assert.equal(ratioOfMedians([lame])?.windows, 3);
  });

  it('leaves out repeats that only one side has', () => {
    assert.equal(ratioOfMedians([{ left: [1, 2], right: [] }]), null);
    assert.equal(ratioOfMedians([{ left: [1], right: [] }, pair(9)])?.windows, 9);
    assert.equal(ratioOfMedians([]), null);
  });

  it('has no ratio to or of nothing', () => {
    const none = ratioOfMedians([{ left: Array(9).fill(0), right: pair(9).right }]);
    assert.deepEqual([none?.left, none?.ratio, none?.interval], [0, null, null]);
    // The median is above 0, but not that of every draw.
    const some = Array.from({ length: 9 }, (_, index) => (index < 4 ? 0 : 1));
    assert.equal(ratioOfMedians([{ left: some, right: pair(9).right }])?.interval, null);
  });

  it('takes repeats of a single window each', () => {
    const single = Array.from({ length: 8 }, (_, index) => ({
      left: [100 + index],
      right: [150 + 2 * index],
    }));
    const interval = ratioOfMedians(single)?.interval;
    assert.ok(interval && interval.low > 1.4 && interval.high < 1.6, JSON.stringify(interval));
  });

  it('is sure of figures that never vary', () => {
    const still = { left: Array(9).fill(5), right: Array(9).fill(6) };
    const { low, high } = ratioOfMedians([still])?.interval ?? { low: 0, high: 0 };
    assert.ok(high - low < 1e-9 && Math.abs(low - 1.2) < 1e-9, `${low} to ${high}`);
  });
});
