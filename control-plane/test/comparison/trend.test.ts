import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Baseline, Trend } from '@oversoak/contracts';
import { figures, madeNight, madeNights, NIGHT_CELL } from '@oversoak/testing/builders/made-nights';
import { seeded } from '@oversoak/testing/builders/made-random';
import { Value } from 'typebox/value';
import { newSuspects, shownTrend, trendOf, trendSeries } from '../../src/comparison/trend.ts';
import { NIGHTS_KEPT, type Night } from '../../src/store/nights.ts';

const P99 = 'echo.latency.p99';
const p99 = (nights: readonly Night[]) => trendSeries(nights, NIGHT_CELL, P99);
const states = (values: readonly (number | null)[]) =>
  p99(madeNights(values)).points.map(({ state }) => state);
const onset = (values: readonly (number | null)[]) => states(values).indexOf('regression');

/** Nights that go on as the first three did. */
const cycle = (nights: number, middle = 1000) =>
  Array.from({ length: nights }, (_, index) => middle * (1 + 0.01 * ((index % 3) - 1)));

const pin = (soakId: string, pinnedAtMs = 1, schedule: string | null = 'nightly'): Baseline => ({
  ...{ name: `pin-${pinnedAtMs}`, soakId, note: '', pinnedAtMs, schedule },
});

describe('the trend of a metric', () => {
  it('has a base of the first sound nights, which later ones do not move', () => {
    assert.equal(p99(madeNights(cycle(5))).base, null);
    const { base } = p99(madeNights(cycle(6)));
    assert.equal(base?.nights, 6);
    const full = p99(madeNights(cycle(20)));
    const later = p99(madeNights([...cycle(20), ...cycle(40, 1015)]));
    assert.equal(full.base?.nights, 20);
    assert.deepEqual(later.base, full.base);
    assert.ok(Math.abs((full.base?.middle ?? 0) - 1000) < 5);
    assert.ok(full.base !== null && full.base.low < 990 && full.base.high > 1010);
  });

  it('suspects first, and reports a regression when another night confirms it', () => {
    const after = states([...cycle(20), 1200, 1210, 1190, 1200]);
    assert.deepEqual(after.slice(20, 22), ['none', 'suspect']);
    assert.equal(after.at(-1), 'regression');
    assert.equal(after.indexOf('regression'), after.indexOf('suspect') + 1);
    const { change } = p99(madeNights([...cycle(20), 1200, 1210, 1190, 1200]));
    assert.equal(change?.sinceSoakId, 'soak-20');
    assert.ok(Math.abs((change?.ratio ?? 0) - 1.2) < 0.02, `${change?.ratio}`);
  });

  it('does not report a single bad night', () => {
    assert.ok(states([...cycle(20), 5000, ...cycle(10)]).every((state) => state === 'none'));
  });

  it('reports no change from only one night, however clear it is', () => {
    const creep = Array.from({ length: 11 }, (_, night) => 1000 * 1.01 ** night);
    assert.deepEqual(states(creep).slice(-3), ['none', 'suspect', 'regression']);
  });

  it('finds a creep of 1 % per night before it reaches 30 %, also from the first night on', () => {
    const series = 40;
    for (const before of [0, 20]) {
      const random = seeded(before + 1);
      let found = 0;
      for (let made = 0; made < series; made++) {
        const creep = figures(random, 26).map((value, index) => value * 1.01 ** (index + 1));
        if (onset([...figures(random, before), ...creep]) >= before) found += 1;
      }
      assert.ok(found >= 0.9 * series, `${found} of ${series} after ${before} nights`);
    }
  });

  it('ends when several nights are back at the base, not with one', () => {
    const worse = [...cycle(20), ...cycle(10, 1200)];
    assert.equal(states([...worse, 1000]).at(-1), 'regression');
    assert.equal(states([...worse, 1000, 1010]).at(-1), 'none');
    assert.deepEqual(p99(madeNights([...worse, 1000, 1010])).change, null);
    assert.equal(states([...worse, 1000, 1200, 1000, 1200]).at(-1), 'regression');
    // However long it lasts, nobody has said that this is how it is now.
    assert.equal(states([...cycle(20), ...cycle(200, 1200)]).at(-1), 'regression');
  });

  it('calls it an improvement on the better side, and a slower rate a regression', () => {
    const better = states([...cycle(20), ...cycle(5, 800)]);
    assert.ok(!better.includes('suspect'));
    assert.equal(better.at(-1), 'improvement');
    const rates = madeNights([...cycle(20), ...cycle(5, 800)], { metric: 'sent.rate' });
    assert.equal(trendSeries(rates, NIGHT_CELL, 'sent.rate').state, 'regression');
  });

  it('skips nights without a figure, or with 0', () => {
    const values = [...cycle(20), null, 1200, 0, 1200, null, 1200, 1200];
    const { points, state } = p99(madeNights(values));
    assert.equal(state, 'regression');
    assert.deepEqual([points[20]?.value, points[20]?.verdict], [null, 'inconclusive']);
    const gone = { ...madeNight(0, 1), cells: [] };
    assert.equal(p99([gone]).points[0]?.verdict, null);
  });

  it('reports no change below 2 %, however small the scatter', () => {
    const still = Array.from({ length: 20 }, () => 1000);
    assert.equal(onset([...still, ...Array.from({ length: 30 }, () => 1019)]), -1);
    assert.ok(onset([...still, ...Array.from({ length: 30 }, () => 1031)]) > 0);
  });

  it('rarely reports a stable schedule, and finds a regressed one', (test) => {
    const simulations = 200;
    let accused = 0;
    let found = 0;
    const random = seeded(1);
    for (let made = 0; made < simulations; made++) {
      const well = figures(random, 60);
      if (onset(well) >= 0) accused += 1;
      if (onset([...well.slice(0, 20), ...figures(random, 10, 1200)]) >= 20) found += 1;
    }
    test.diagnostic(`accused ${accused}, found ${found} of ${simulations}`);
    assert.ok(accused <= 0.03 * simulations, `${accused} accused`);
    assert.ok(found >= 0.95 * simulations, `${found} found`);
  });
});

describe('trendOf', () => {
  const trend = (nights: readonly Night[], baselines: readonly Baseline[] = []) => {
    const made = trendOf('nightly', nights, baselines);
    assert.ok(made !== null);
    return made;
  };
  const worse = madeNights([...cycle(20), ...cycle(10, 1200)]);

  it('matches its schema, with a series for each metric', () => {
    const made = trend(worse);
    assert.deepEqual(Value.Errors(Trend, made), []);
    assert.equal(made.series.length, 6);
    assert.equal(made.regression, true);
    assert.deepEqual(made.base, { sinceSoakId: 'soak-0', sinceTickAtMs: 0, pinned: null });
    assert.deepEqual([made.platform, made.notes], [['Wine'], []]);
    assert.equal(trend(madeNights(cycle(20))).regression, false);
    assert.equal(trendOf('nightly', [], []), null);
  });

  it('restarts its base when the spec measures something else', () => {
    const other = [...cycle(10)].map((value, index) =>
      madeNight(100 + index, value, { measures: 'something else' }),
    );
    const made = trend([...worse, ...other]);
    assert.equal(made.base.sinceSoakId, 'soak-100');
    assert.equal(made.regression, false);
    assert.deepEqual(made.notes, ['excluded nights before the base: 30']);
    // And anew when it is put back: nobody knows what else changed meanwhile.
    assert.equal(trend([...worse, ...other, madeNight(200, 1)]).base.sinceSoakId, 'soak-200');
  });

  it('begins its base with the soak that was pinned last for it', () => {
    const made = trend(worse, [pin('soak-20', 2), pin('soak-5', 1)]);
    assert.deepEqual([made.base.sinceSoakId, made.base.pinned], ['soak-20', 'pin-2']);
    assert.equal(made.regression, false);
    const [series] = made.series.filter(({ metric }) => metric === P99);
    assert.ok(Math.abs((series?.base?.middle ?? 0) - 1200) < 10);
    for (const others of [[pin('soak-20', 2, 'other')], [pin('soak-20', 2, null)], []]) {
      assert.equal(trend(worse, others).base.sinceSoakId, 'soak-0');
    }
    // A pin from before the spec changed begins nothing.
    const changed = cycle(3).map((value, index) =>
      madeNight(100 + index, value, { measures: 'something else' }),
    );
    const after = trend([...worse, ...changed], [pin('soak-20', 2)]);
    assert.deepEqual([after.base.sinceSoakId, after.base.pinned], ['soak-100', null]);
  });

  it('says so when the base moves because no more nights are kept', () => {
    const many = madeNights(cycle(NIGHTS_KEPT)).map((night) => ({ ...night, cells: [] }));
    assert.match(trend(many).notes.join(), /so the base moves: pin a newer soak/);
    assert.deepEqual(trend(many.slice(1)).notes, []);
  });

  it('shows the last nights and is judged on all of them', () => {
    const made = shownTrend(trend(worse), 3);
    assert.deepEqual(
      made.series[1]?.points.map(({ soakId }) => soakId),
      ['soak-27', 'soak-28', 'soak-29'],
    );
    assert.equal(made.regression, true);
    assert.equal(made.series[1]?.change?.sinceSoakId, 'soak-20');
  });

  it('names each new suspect once', () => {
    const { points } = p99(worse);
    const first = points.findIndex(({ state }) => state === 'suspect');
    const until = trend(worse.slice(0, first + 1));
    assert.deepEqual(newSuspects(until, `soak-${first}`), [`${P99} of ${NIGHT_CELL}`]);
    assert.deepEqual(newSuspects(until, `soak-${first - 1}`), []);
    assert.deepEqual(newSuspects(until, 'soak-unknown'), []);
    const empty = [...worse.slice(0, first + 1), madeNight(99, null)];
    assert.deepEqual(newSuspects(trend(empty), 'soak-99'), []);
  });
});
