import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetFigures, RunResult } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  histogram,
  histogramOf,
  madeResult,
  serverFigures,
  serverResult,
} from '@oversoak/testing/builders/made-figures';
import { judge, thresholdsOf } from '../../src/judge/judge.ts';
import { figureOf } from '../../src/prediction/figure-of.ts';

type Ticks = NonNullable<NonNullable<FleetFigures['measured']['deliveries']>['ticks']>;

const shared = (latency: string, untimed = 0): Ticks => ({
  ...{ count: 1, untimed, latency },
  clock: 'shared',
});
const OTHER: Ticks = { count: 0, untimed: 5000, clock: 'other' };

/** A run whose fleets measured these ticks. */
function result(...ticks: Ticks[]): RunResult {
  const fleets = ticks.map((each, index) => {
    const deliveries = { count: 1, untimed: 0, latency: histogram(1000, 1), ticks: each };
    const figures = fleetFigures(1100, { deliveries });
    return [`agent-b${index || ''}`, fleetResult(figures)] as const;
  });
  return madeResult({
    server: serverResult(serverFigures(1100, { accepted: 10 * fleets.length })),
    fleets: Object.fromEntries(fleets),
  });
}
const judged = (run: RunResult, ...thresholds: string[]) =>
  judge(run, thresholdsOf(thresholds), null).judgement;
const P99 = 'tick.latency.p99 < 50ms';

describe('thresholds on ticks', () => {
  it('judge the ticks of all fleets, and not the deliveries of messages', () => {
    const slow = result(shared(histogram(5000, 1)), shared(histogram(500, 80)));
    assert.equal(judged(slow, 'tick.latency.p50 < 2ms').verdict, 'passed');
    assert.equal(judged(slow, 'delivery.latency.p99 < 5ms').verdict, 'passed');
    const { verdict, reasons } = judged(slow, P99);
    assert.equal(verdict, 'failed');
    assert.match(reasons.join(), /^tick\.latency\.p99 is 80\S* ms, wanted tick/);
    assert.equal(judged(slow, 'tick.latency.max < 90ms').verdict, 'passed');
  });

  it('are undecided where a fleet reads another clock than its server', () => {
    const run = result(shared(histogram(5000, 1)), OTHER);
    const { verdict, reasons } = judged(run, P99);
    assert.equal(verdict, 'inconclusive');
    assert.match(
      reasons.join(),
      /only where server and fleet are on one machine, both under Wine or neither/,
    );
    assert.equal(figureOf('tick.latency.p99', run), null);
    assert.equal(judged(run).verdict, 'passed', 'no threshold asks for it');
  });

  it('are undecided where too few came, or there are none', () => {
    const few = judged(result(shared(histogram(99, 1))), P99);
    assert.equal(few.verdict, 'inconclusive');
    assert.match(few.reasons.join(), /99 ticks came back, it needs 100/);
    assert.match(judged(madeResult(), P99).reasons.join(), /the fleet measured no ticks/);
  });

  it('have a figure for predictions', () => {
    const run = result(shared(histogramOf(1000, 1, 100, 70)));
    const p99 = figureOf('tick.latency.p99', run);
    assert.ok(p99 !== null && Math.abs(p99 / 1000 - 70) < 0.7, `${p99}`);
  });
});
