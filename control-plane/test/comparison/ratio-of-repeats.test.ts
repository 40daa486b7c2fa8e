import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normal, type Random, seeded } from '@oversoak/testing/builders/made-random';
import {
  meanOfRepeats,
  type RepeatValue,
  ratioOfRepeats,
  repeatsNeeded,
} from '../../src/comparison/ratio-of-repeats.ts';

const repeats = (...values: number[]): RepeatValue[] =>
  values.map((value, index) => ({ repeat: index + 1, value }));

interface Simulated {
  repeats: number;
  /** Deviation of the logarithms of each side's repeats. */
  scatter: number;
  /** Of what both repeats of a number have in common. */
  common?: number;
  interleaved?: boolean;
}

/** Share of the simulations in which a difference is claimed. */
function claimed(of: Simulated, ratio: number, simulations = 1000): number {
  let count = 0;
  for (let seed = 1; seed <= simulations; seed++) {
    const random: Random = seeded(seed);
    const shared = Array.from({ length: of.repeats }, () => (of.common ?? 0) * normal(random));
    const side = (shift: number) =>
      repeats(...shared.map((at) => 1000 * Math.exp(at + shift + of.scatter * normal(random))));
    const { low, high } = ratioOfRepeats(side(0), side(Math.log(ratio)), of.interleaved ?? false);
    if (low > 1 || high < 1) count += 1;
  }
  return count / simulations;
}

describe('equal cells', () => {
  for (const interleaved of [false, true]) {
    for (const count of [2, 3, 5, 10]) {
      const how = interleaved ? 'that took turns' : 'of two soaks';
      it(`are reported as different in at most 5 %: ${count} repeats ${how}`, (test) => {
        for (const common of interleaved ? [0, 0.05, 0.2] : [0]) {
          const share = claimed({ repeats: count, scatter: 0.05, common, interleaved }, 1);
          test.diagnostic(`common ${common}: ${(share * 100).toFixed(1)} %`);
          assert.ok(share <= 0.05, `${share}`);
        }
      });
    }
  }

  it('are never different within the resolution of a histogram, however little they scatter', () => {
    const still = (value: number) => repeats(value, value, value, value, value);
    const step = ratioOfRepeats(still(1000), still(1001), true);
    assert.ok(step.low < 1 && step.high > 1 && step.p === 1, JSON.stringify(step));
    const more = ratioOfRepeats(still(1000), still(1005), false);
    assert.ok(more.low > 1 && more.p === 0, JSON.stringify(more));
    assert.ok(more.smallestSeen > 1.001 && more.smallestSeen < 1.003);
  });
});

describe('a change', () => {
  for (const [scatter, count, least] of [
    [0.02, 5, 0.9],
    [0.05, 5, 0.6],
    [0.05, 10, 0.9],
  ] as const) {
    it(`of 10 % is detected in ${least * 100} %: ${count} repeats scatter by ${scatter}`, () => {
      const share = claimed({ repeats: count, scatter }, 1.1, 400);
      assert.ok(share >= least, `${share}`);
    });
  }

  it('of the smallest detectable size is detected in about 80 %', () => {
    for (const [count, scatter] of [
      [3, 0.05],
      [10, 0.05],
      [5, 0.15],
    ] as const) {
      const smallest = Array.from({ length: 200 }, (_, seed) => {
        const random = seeded(seed + 1);
        const side = () =>
          repeats(...Array.from({ length: count }, () => Math.exp(scatter * normal(random))));
        return Math.log(ratioOfRepeats(side(), side(), false).smallestSeen);
      }).sort((a, b) => a - b);
      const share = claimed({ repeats: count, scatter }, Math.exp(smallest[100] ?? Number.NaN));
      assert.ok(share > 0.7 && share < 0.9, `${count} × ${scatter}: ${share}`);
    }
  });

  it('is detected better in pairs if an hour was slow for both', () => {
    const of = { repeats: 5, scatter: 0.02, common: 0.2 };
    assert.ok(claimed({ ...of, interleaved: true }, 1.1, 400) > 0.9);
    assert.ok(claimed({ ...of, interleaved: false }, 1.1, 400) < 0.2);
  });
});

describe('ratioOfRepeats', () => {
  it('pairs by the number of the repeat, and only what moves together', () => {
    const drifting = [1000, 1500, 2200, 3100, 4600];
    const left = repeats(...drifting);
    const right = repeats(...drifting.map((value, index) => value * (1.1 + 0.002 * index)));
    const { paired, low, high } = ratioOfRepeats(left, right.toReversed(), true);
    assert.ok(paired && low > 1.09 && high < 1.12, `${low} to ${high}`);
    assert.equal(ratioOfRepeats(left, right, false).paired, false);
    const other = repeats(...drifting.toReversed());
    assert.equal(ratioOfRepeats(left, other, true).paired, false);
  });

  it('rarely pairs independent repeats', () => {
    let paired = 0;
    for (let seed = 1; seed <= 1000; seed++) {
      const random = seeded(seed);
      const side = () => repeats(...Array.from({ length: 5 }, () => Math.exp(normal(random))));
      if (ratioOfRepeats(side(), side(), true).paired) paired += 1;
    }
    assert.ok(paired <= 50, `${paired} of 1000`);
  });

  it('needs two repeats on each side', () => {
    assert.throws(() => ratioOfRepeats(repeats(1), repeats(1, 2), false), /1 and 2 repeats/);
  });

  it('has a finite interval for any repeats', () => {
    const { low, high } = ratioOfRepeats(repeats(1, 1e9), repeats(1, 1e9), false);
    assert.ok(low > 0 && Number.isFinite(high));
  });
});

describe('meanOfRepeats', () => {
  it('is the geometric mean, with an interval from two repeats on', () => {
    assert.deepEqual(meanOfRepeats(repeats(8)).interval, null);
    const { value, interval } = meanOfRepeats(repeats(1000, 4000));
    assert.ok(Math.abs(value - 2000) < 1e-6 && interval && interval.low < 1000);
  });
});

describe('repeatsNeeded', () => {
  it('grows with the scatter and the pairs, and shrinks with the change', () => {
    assert.equal(repeatsNeeded(1.1, 0.02, 1), 3);
    assert.ok(repeatsNeeded(1.1, 0.05, 1) > 5);
    assert.ok(repeatsNeeded(1.1, 0.05, 15) > repeatsNeeded(1.1, 0.05, 1));
    assert.ok(repeatsNeeded(1.3, 0.05, 1) < repeatsNeeded(1.1, 0.05, 1));
    assert.equal(repeatsNeeded(1.01, 1, 1), 100);
  });
});
