import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Trend, type Verdict } from '@oversoak/contracts';
import { Value } from 'typebox/value';
import { compareCell, compareSoak } from '../../src/comparison/compare.ts';
import { type Night, trendOf, trendSeries } from '../../src/comparison/trend.ts';
import { madeResult } from '../made-figures.ts';
import { normal, seeded } from '../made-random.ts';

const P99 = 'echo.latency.p99';
const cell = { notifier: 'iocp', layout: 'homo', sessions: 10 } as const;
const KEY = 'iocp.homo.10';

const result = madeResult();
const made = compareCell(cell, [{ run: result.run, result }]);

const SOUND: readonly Verdict[] = ['passed', 'failed'];

/** A soak of one cell with this p99. */
function night(p99Us: number, verdict: Verdict = 'passed', index = 0): Night {
  const latencyIntended = { ...made.latencyIntended, p99Us };
  const comparison = compareSoak({ soakId: `soak-${index}`, name: 'nightly' }, [
    { ...made, verdict, loadSound: SOUND.includes(verdict), latencyIntended },
  ]);
  return { soakId: comparison.soakId, tickAtMs: index, comparison };
}

const p99 = (nights: Night[]) => trendSeries(nights, KEY, P99);
const of = (...values: number[]) => values.map((value, index) => night(value, 'passed', index));
const outs = (nights: Night[]) => p99(nights).points.map(({ out }) => out);

/** Nights that go on as the first three did. */
const STEADY = [1000, 1010, 990, 1000, 1010, 990];

describe('the trend of a metric', () => {
  it('has a band once three runs passed', () => {
    assert.equal(p99(of(1000, 1010)).band, null);
    const { band } = p99(of(1000, 1010, 990));
    assert.deepEqual([band?.middle, band?.runs], [1000, 3]);
    assert.equal(p99(of(...STEADY, ...STEADY)).band?.runs, 10);
  });

  it('calls two runs out in a row on the worse side a regression, and one not', () => {
    const once = p99(of(...STEADY, 1500));
    assert.deepEqual([once.points.at(-1)?.out, once.regression], ['high', false]);
    const twice = p99(of(...STEADY, 1500, 1600));
    assert.deepEqual([twice.regression, twice.improvement], [true, false]);
    assert.equal(p99(of(...STEADY, 1500, 1000, 1500)).regression, false);
    assert.equal(p99(of(...STEADY, 1500, 500)).regression, false);
  });

  it('calls them an improvement on the better side, and a slower rate a regression', () => {
    const better = p99(of(...STEADY, 500, 510));
    assert.deepEqual([better.regression, better.improvement], [false, true]);
    const rates = [100, 100, 100, 100, 90, 90].map((achievedRate, index) => {
      const each = night(1000, 'passed', index);
      const cells = each.comparison.cells.map((one) => ({ ...one, achievedRate }));
      return { ...each, comparison: { ...each.comparison, cells } };
    });
    const slower = trendSeries(rates, KEY, 'achieved.rate');
    assert.deepEqual([slower.points.at(-1)?.out, slower.regression], ['low', true]);
  });

  it('keeps a regression until it is mended, or has been so for ten runs', () => {
    const worse = Array.from({ length: 9 }, (_, index) => 1500 + index);
    assert.equal(p99(of(...STEADY, ...worse)).regression, true);
    assert.equal(p99(of(...STEADY, ...worse, 1000)).regression, false);
    const used = p99(of(...STEADY, ...worse, 1509));
    assert.deepEqual([used.regression, used.band?.runs], [false, 10]);
    assert.ok((used.band?.low ?? 0) > 1400, JSON.stringify(used.band));
  });

  it('holds failed runs against the band but never makes it of them', () => {
    const failed = [1500, 1510].map((value) => night(value, 'failed'));
    assert.equal(p99([...of(...STEADY), ...failed]).regression, true);
    const early = [1000, 1010, 990].map((value) => night(value, 'failed'));
    assert.equal(p99([...early, ...of(1000, 1010)]).band, null);
  });

  it('passes over runs that tell nothing', () => {
    const none = [night(9000, 'inconclusive'), night(9000, 'cancelled')];
    const over = p99([...of(...STEADY, 1500), ...none, night(1500)]);
    assert.equal(over.regression, true);
    assert.deepEqual(
      over.points.slice(-3).map(({ value }) => value),
      [null, null, 1500],
    );
    const gone = { ...night(0), comparison: compareSoak({ soakId: 'soak-x', name: 'x' }, []) };
    assert.deepEqual(p99([gone]).points[0]?.verdict, null);
  });

  it('leaves 2 % to figures that hardly vary', () => {
    const still = [1000, 1000, 1000, 1000];
    assert.equal(outs(of(...still, 1019)).at(-1), null);
    assert.equal(outs(of(...still, 1021)).at(-1), 'high');
  });

  it('hardly ever accuses a schedule that is well, and finds one that is not', (test) => {
    const simulations = 400;
    let accused = 0;
    let found = 0;
    for (let seed = 1; seed <= simulations; seed++) {
      const random = seeded(seed);
      const nightly = () => 1000 * Math.exp(0.05 * normal(random));
      const well = of(...Array.from({ length: 20 }, nightly));
      if (p99(well).regression) accused += 1;
      if (p99([...well, ...of(nightly() * 1.5, nightly() * 1.5)]).regression) found += 1;
    }
    test.diagnostic(`accused ${accused}, found ${found} of ${simulations}`);
    assert.ok(accused <= simulations / 200, `${accused} accused`);
    assert.ok(found >= 0.95 * simulations, `${found} found`);
  });
});

describe('trendOf', () => {
  it('is what its schema says, with a series of each metric', () => {
    const trend = trendOf('nightly', of(...STEADY, 1500, 1500), ['a note']);
    assert.deepEqual(Value.Errors(Trend, trend), []);
    assert.equal(trend.series.length, 6);
    assert.equal(trend.regression, true);
    assert.equal(trendOf('nightly', of(...STEADY), []).regression, false);
    assert.deepEqual(trend.platform, made.platform);
  });
});
