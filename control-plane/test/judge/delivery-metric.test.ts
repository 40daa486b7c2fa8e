import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunResult, SoakSpec } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  histogram,
  histogramOf,
  madeLatencies,
  madeResult,
  madeSpec,
  serverFigures,
  serverResult,
} from '@oversoak/testing/builders/made-figures';
import { judge, thresholdsOf } from '../../src/judge/judge.ts';
import { figureOf } from '../../src/prediction/figure-of.ts';

const P99 = 'delivery.latency.p99';
const zones = {
  ...{ size: 50, share: 1, ticksPerSecond: 0, tickBytes: 256 },
  policy: 'close',
} as const;

/** A run whose fleets measured these deliveries. */
function result(
  deliveries: { latency: string; untimed?: number }[],
  {
    workload = {},
    figures = {},
  }: {
    workload?: Partial<SoakSpec['workload']>;
    figures?: Parameters<typeof fleetFigures>[1];
  } = {},
): RunResult {
  const fleets = deliveries.map(({ latency, untimed = 0 }, index) => {
    const end = fleetFigures(1100, { ...figures, deliveries: { count: 1, untimed, latency } });
    return [`agent-b${index || ''}`, fleetResult(end)] as const;
  });
  const spec = madeSpec();
  return madeResult({
    server: serverResult(serverFigures(1100, { accepted: 10 * fleets.length })),
    spec: { ...spec, workload: { ...spec.workload, zones, ...workload } },
    fleets: Object.fromEntries(fleets),
  });
}
const judged = (run: RunResult, ...thresholds: string[]) =>
  judge(run, thresholdsOf(thresholds), null).judgement;

describe('thresholds on deliveries', () => {
  it('judge all members of all fleets, and not the echoes', () => {
    const slow = result([{ latency: histogram(5000, 1) }, { latency: histogram(500, 80) }]);
    assert.equal(judged(slow, 'delivery.latency.p50 < 2ms').verdict, 'passed');
    assert.equal(judged(slow, 'echo.latency.p99 < 5ms').verdict, 'passed');
    const { verdict, reasons } = judged(slow, `${P99} < 50ms`);
    assert.equal(verdict, 'failed');
    assert.match(reasons.join(), /^delivery\.latency\.p99 is 80\S* ms, wanted delivery/);
    assert.equal(judged(slow, 'delivery.latency.max < 90ms').verdict, 'passed');
  });

  it('are undecided where too few came, or none were measured', () => {
    const few = judged(result([{ latency: histogram(99, 1) }]), `${P99} < 50ms`);
    assert.equal(few.verdict, 'inconclusive');
    assert.match(few.reasons.join(), /99 deliveries came back, it needs 100/);
    const none = judged(madeResult(), `${P99} < 50ms`);
    assert.match(none.reasons.join(), /undecided: .* the fleet measured no deliveries/);
  });

  it('are undecided where deliveries that the fleet disturbed could decide otherwise', () => {
    const latency = histogram(1000, 1);
    const zero = histogram(0);
    const disturbed = {
      latency: madeLatencies({
        intended: histogram(1100),
        actual: histogram(1100),
        disturbed: histogram(1, 900),
      }),
    };
    const start = { ...disturbed.latency, disturbed: zero };
    assert.equal(start.disturbed, zero);
    const run = (untimed: number, workload: Partial<SoakSpec['workload']> = {}) =>
      result([{ latency, untimed }], { figures: disturbed, workload });
    assert.equal(judged(run(5), `${P99} < 50ms`).verdict, 'passed', 'too few to matter');
    const many = judged(run(50), `${P99} < 50ms`);
    assert.equal(many.verdict, 'inconclusive');
    assert.match(many.reasons.join(), /while 50 deliveries were in flight/);
    const slowReaders = { share: 0.1, bytesPerSecond: 100 };
    assert.equal(judged(run(50, { slowReaders }), `${P99} < 50ms`).verdict, 'passed');
  });

  it('are undecided where the fleet was busy', () => {
    const busy = result([{ latency: histogram(1000, 80) }], { figures: { busySeconds: 8 } });
    assert.match(
      judged(busy, `${P99} < 50ms`).reasons.join(),
      /^undecided: .*a thread of the fleet was busy for 80 %/,
    );
  });

  it('have a figure for predictions', () => {
    const run = result([{ latency: histogramOf(1000, 1, 100, 70) }]);
    const near = (value: number | null, ms: number) =>
      assert.ok(value !== null && Math.abs(value / 1000 - ms) < 0.01 * ms, `${value}`);
    near(figureOf('delivery.latency.p50', run), 1);
    near(figureOf('delivery.latency.p99', run), 70);
    assert.equal(figureOf('delivery.latency.p50', madeResult()), null);
  });
});

describe('errors of the zone ledger', () => {
  for (const name of [
    'deliveryMissing',
    'deliveryDuplicate',
    'deliveryOutOfOrder',
    'deliveryAfterLeave',
  ] as const) {
    it(`${name} fails a run, unless a threshold allows it`, () => {
      const run = result([{ latency: histogram(1000, 1) }], { figures: { errors: { [name]: 3 } } });
      const { verdict, reasons } = judged(run);
      assert.equal(verdict, 'failed');
      assert.equal(reasons.length, 1);
      assert.match(reasons.join(), new RegExp(`^errors\\.${name} is 3, wanted`));
      assert.equal(judged(run, `errors.${name} <= 3`).verdict, 'passed');
    });
  }
});
