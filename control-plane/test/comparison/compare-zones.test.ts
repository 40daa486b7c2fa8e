import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ComparedCell, type ServerFigures } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  histogram,
  madeResult,
  serverFigures,
  serverResult,
} from '@oversoak/testing/builders/made-figures';
import { madeNight, NIGHT_CELL } from '@oversoak/testing/builders/made-nights';
import { serverZones } from '@oversoak/testing/builders/made-zones';
import { Value } from 'typebox/value';
import { compareCell, compareSoak } from '../../src/comparison/compare.ts';
import { comparisonMarkdown } from '../../src/comparison/comparison-markdown.ts';
import { comparisonCsv } from '../../src/comparison/csv.ts';
import { cellDifference } from '../../src/comparison/difference.ts';
import { nightCell } from '../../src/comparison/night.ts';
import { repeatOf } from '../../src/comparison/repeat.ts';
import { trendOf } from '../../src/comparison/trend.ts';

const cell = { notifier: 'iocp', layout: 'hetero', sessions: 100 } as const;

function server(broadcasts: number, more: Partial<ServerFigures> = {}): ServerFigures {
  const cpu = (name: string, us: number) => ({
    ...{ name, userSeconds: (us * broadcasts) / 1e6, kernelSeconds: 0, cycles: null },
  });
  return serverFigures(broadcasts, {
    more: {
      zones: serverZones(broadcasts),
      sends: { atOnce: 30 * broadcasts, pending: 10 * broadcasts, failed: 0 },
      bytes: { received: 64 * broadcasts, sent: 5000 * broadcasts },
      threads: [cpu('accept', 0), cpu('io-0', 150), cpu('io-1', 50), cpu('lobby-0', 100)],
      ...more,
    },
  });
}

/** 1,000 broadcasts in ten seconds. */
function result(latencyMs: number, final: Partial<ServerFigures['zones']> = {}) {
  const timed = (count: number) => ({
    count,
    untimed: count / 100,
    latency: histogram(count, latencyMs),
    lastMember: histogram(count / 50, 2 * latencyMs),
  });
  const zones = { joins: 100, leaves: 0, deliveries: 55_000, own: 1100, ticks: 0, skipped: 5 };
  return madeResult({
    server: serverResult(
      server(1100),
      server(100),
      server(1100, { zones: serverZones(1100, { dropped: 4, ...final }) }),
    ),
    fleets: { 'agent-b': fleetResult(fleetFigures(1100, { deliveries: timed(50_000), zones })) },
  });
}

const compared = (...results: ReturnType<typeof result>[]) =>
  compareCell(
    cell,
    results.map((each, index) => ({
      run: {
        ...each.run,
        runId: `run-${index + 1}`,
        repeat: index + 1,
        judgement: { verdict: 'passed', reasons: [], loadSound: true },
      },
      result: each,
    })),
  );

describe('the zones of a cell', () => {
  it('are pooled over the repeats: counts of the measurements, policies of the whole runs', () => {
    const of = compared(result(1), result(9, { closed: 2, backlogMaxBytes: 20_000 }));
    assert.deepEqual(Value.Errors(ComparedCell, of), []);
    const { zones } = of;
    assert.ok(zones !== null);
    const { latency, lastMember, tickLatency, tickLateness, ...figures } = zones;
    assert.deepEqual([tickLatency.count, tickLateness.count], [0, 0]);
    assert.deepEqual(figures, {
      ...{ ticks: 0, ticksSkipped: 0, tickDeliveries: 0 },
      deliveries: 100_000,
      deliveryRate: 5000,
      untimed: 1000,
      perBroadcast: 50,
      mailsPerBroadcast: 2,
      sendsPerReceive: 40,
      bytesPerReceive: 5000,
      cpuPerDeliveryUs: 6,
      ioCpuPerDeliveryUs: 4,
      contentCpuPerDeliveryUs: 2,
      backlogMaxBytes: 20_000,
      payloads: 12,
      dropped: 8,
      replaced: 0,
      closed: 2,
      skipped: 10,
    });
    assert.equal(latency.count, 100_000);
    assert.ok((latency.p50Us ?? 0) < 1100 && (latency.p99Us ?? 0) > 8900);
    assert.equal(lastMember.count, 2000);
    assert.ok((lastMember.p99Us ?? 0) > 17_000);
  });

  it('are null without zones, for which a CSV has empty fields and Markdown no table', () => {
    const without = compared(madeResult());
    assert.equal(without.zones, null);
    const soak = { soakId: 'soak-1', name: 'made' };
    const both = compareSoak(soak, [compared(result(2)), without]);
    const lines = comparisonCsv(both).split('\n');
    const header = lines[0]?.split(',') ?? [];
    const field = (line: number, name: string) => lines[line]?.split(',')[header.indexOf(name)];
    assert.equal(field(1, 'zones.deliveries'), '50000');
    assert.equal(field(1, 'zones.latency.count'), '50000');
    assert.equal(field(1, 'zones.contentCpuPerDeliveryUs'), '2');
    for (const name of header.filter((each) => each.startsWith('zones.'))) {
      const isOfTicks = /^zones\.tickLat/.test(name) && !name.endsWith('.count');
      assert.equal(field(1, name) === '', isOfTicks, name);
      assert.equal(field(2, name), '', name);
    }
    const rows = (markdown: string) => markdown.match(/^\| iocp.*$/gm) ?? [];
    const shown = rows(comparisonMarkdown(both));
    assert.equal(shown.length, 3);
    assert.match(
      shown[2] ?? '',
      /\| 5,000\.0 \| 2\.00 \|.*\| 6\.00 \| 4\.00 \| 2\.00 \| 40\.0 \| 4 \| 0 \|$/,
    );
    assert.equal(rows(comparisonMarkdown(compareSoak(soak, [without]))).length, 1);
  });

  it('have the ticks of the measurements, which CSV and Markdown show', () => {
    const ticking = (broadcasts: number) => {
      const counts = { ticks: broadcasts / 2, ticksSkipped: broadcasts / 100 };
      const made = server(broadcasts, { zones: serverZones(broadcasts, counts) });
      const tickLateness = histogram(broadcasts / 2, 0.5);
      return { ...made, histograms: { ...made.histograms, tickLateness } };
    };
    const counts = { count: 24_000, untimed: 1000 };
    const ticks = { ...counts, clock: 'shared', latency: histogram(24_000, 3) } as const;
    const deliveries = { count: 1, untimed: 0, latency: histogram(1, 1), ticks };
    const of = compared({
      ...result(1),
      server: serverResult(ticking(1100), ticking(100)),
      fleets: { 'agent-b': fleetResult(fleetFigures(1100, { deliveries })) },
    });
    assert.deepEqual(Value.Errors(ComparedCell, of), []);
    const { zones } = of;
    assert.ok(zones !== null);
    assert.deepEqual([zones.ticks, zones.ticksSkipped, zones.tickDeliveries], [500, 10, 25_000]);
    assert.equal(zones.perBroadcast, 50_000 / 1500, 'a tick goes to a zone, too');
    assert.deepEqual([zones.tickLatency.count, zones.tickLateness.count], [24_000, 500]);
    const both = compareSoak({ soakId: 'soak-1', name: 'made' }, [of, compared(result(2))]);
    const [header = '', line = ''] = comparisonCsv(both).split('\n');
    const at = header.split(',').indexOf('zones.tickLatency.count');
    assert.equal(line.split(',')[at], '24000');
    const shown = comparisonMarkdown(both).match(/^\| iocp.*$/gm) ?? [];
    assert.match(shown[2] ?? '', /\| 500 \| 10 \| 3\.00 \| 0\.50 \|$/);
    assert.match(shown[3] ?? '', /\| 0 \| 0 \| – \| – \|$/);
  });

  it('are compared and ranked by delivery, where a side has any', () => {
    const metricsOf = (...sides: ReturnType<typeof result>[]) => {
      const [left, right] = sides.map((side) => ({ key: 'a', repeats: [repeatOf(side)] }));
      assert.ok(left !== undefined && right !== undefined);
      return cellDifference(left, right, true).metrics.map(({ metric }) => metric);
    };
    const ofZones = ['delivery.latency.p99', 'server.cpuPerDelivery'];
    const named = (metrics: readonly string[]) => ofZones.filter((name) => metrics.includes(name));
    assert.deepEqual(named(metricsOf(result(1), madeResult())), ofZones);
    assert.deepEqual(named(metricsOf(madeResult(), madeResult())), []);
    const { figures } = repeatOf(result(3));
    assert.ok(Math.abs((figures['delivery.latency.p99'] ?? 0) - 3000) < 5);
    assert.equal(figures['server.cpuPerDelivery'], 6);
  });

  it('have a trend, where a night has any', () => {
    const run = {
      ...result(3).run,
      judgement: { verdict: 'passed', reasons: [], loadSound: true },
    };
    const night = nightCell(cell, [{ run: run as never, result: result(3) }]);
    assert.equal(night.figures['server.cpuPerDelivery'], 6);
    const nights = [madeNight(0, 4000, { metric: 'delivery.latency.p99' })];
    const metrics = (of: typeof nights) =>
      trendOf('nightly', of, [])?.series.map(({ cell: key, metric }) => `${key} ${metric}`) ?? [];
    assert.ok(metrics(nights).includes(`${NIGHT_CELL} delivery.latency.p99`));
    assert.ok(!metrics(nights).includes(`${NIGHT_CELL} server.cpuPerDelivery`));
    assert.ok(
      !metrics([madeNight(0, 4000)])
        .join()
        .includes('delivery'),
    );
  });
});
