import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { METRICS, type Metric, stoppedKey } from '@oversoak/contracts';
import type { MetricPoint } from '@oversoak/telemetry';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { RecordingTelemetry } from '@oversoak/testing/control-plane/recording-telemetry';
import { LONG, reach, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import { assemble, emptyApp } from '../../src/app.ts';
import { changeSchedule } from '../../src/schedules/change-schedule.ts';
import { REFUSED_REPORTS_KEY } from '../../src/store/names.ts';
import { ClusterFigures } from '../../src/telemetry/cluster-figures.ts';

const seriesOf = ({ metric, attributes, value, startMs }: MetricPoint) =>
  JSON.stringify([metric, attributes, value, startMs]);

describe('metrics of the cluster', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  afterEach(() => bench.clear());

  const value = (telemetry: RecordingTelemetry, metric: Metric, ...of: string[]) =>
    telemetry
      .collect()
      .find(
        (point) =>
          point.metric === metric &&
          of.every((text) => Object.values(point.attributes).includes(text)),
      )?.value;

  it('are exported by one of two control planes, then by the other, with the same values', async () => {
    await bench.agents();
    const exporters = [new RecordingTelemetry(), new RecordingTelemetry()] as const;
    const first = await bench.plane({}, { telemetry: exporters[0] });
    await until('the first exports', async () => exporters[0].collect().length > 0);
    const second = await bench.plane({}, { telemetry: exporters[1] });
    await bench.redis.hset(REFUSED_REPORTS_KEY, 'other-epoch', 3);
    const { soak } = await submit(first);
    await reach(second, soak.runIds[0], 'done');
    const runs = ['made', 'iocp.homo.10', 'passed'];
    await until('the run counts', async () => value(exporters[0], 'oversoak.runs', ...runs) === 1);
    // A run is done before its agents are free.
    await until(
      'its agents are idle',
      async () => value(exporters[0], 'oversoak.agents', 'idle', 'wine') === 2,
    );
    assert.equal(value(exporters[0], 'oversoak.reports.refused', 'other-epoch'), 3);
    assert.ok(Math.abs(Number(value(exporters[0], 'oversoak.run.p99')) - 0.002) < 1e-5);
    assert.deepEqual(exporters[1].collect(), []);

    await bench.end(first);
    // Its last export has what it knew.
    const last = exporters[0].collect().map(seriesOf).join();
    assert.ok(last.length > 1000);
    await until(
      'the second exports the same',
      async () => exporters[1].collect().map(seriesOf).join() === last,
    );
  });

  it('continue to count after all control planes have restarted', async () => {
    await bench.agents();
    for (const [runs, telemetry] of [
      [1, new RecordingTelemetry()],
      [2, new RecordingTelemetry()],
    ] as const) {
      const plane = await bench.plane({}, { telemetry });
      const { soak } = await submit(plane);
      await reach(plane, soak.runIds[0], 'done');
      await until(`${runs} count`, async () => value(telemetry, 'oversoak.runs') === runs);
      await bench.end(plane);
    }
  });

  it('are all that is declared for a control plane', async () => {
    const [a] = await bench.agents();
    const telemetry = new RecordingTelemetry();
    const plane = await bench.plane({}, { telemetry });
    const options = {
      cluster: plane,
      token: 'a-token-of-the-tests-of-oversoak',
      rateLimitPerMinute: 100,
    };
    const app = await assemble(emptyApp(false), { ...options, telemetry });
    await app.inject('/healthz');
    const night = {
      ...{ cron: '0 2 1 1 *', timeZone: 'UTC', enabled: true, overlap: 'skip' as const },
      confirmSuspects: false,
      spec: madeSpec({ name: 'nightly' }),
    };
    await changeSchedule('night', night, 'r1', Date.now(), () => {}, plane.schedules);
    const submitted = await plane.runSchedule('night', { key: 'k', fingerprint: 'f' });
    assert.ok(submitted !== null && 'soakId' in submitted);
    const soak = await plane.soaks.get(submitted.soakId);
    await reach(plane, soak?.soak.runIds[0], 'done');
    await until(
      'the schedule is exported',
      async () => value(telemetry, 'oversoak.schedule.verdict', 'night', 'passed') === 1,
    );
    await until(
      'its trend is',
      async () => value(telemetry, 'oversoak.regressions', 'night') === 0,
    );
    assert.equal(value(telemetry, 'oversoak.runs', 'nightly', 'night', 'passed'), 1);

    a.behaviour.start = 'silent';
    const busy = await submit(plane, { phases: LONG });
    await submit(plane);
    await until(
      'one waits',
      async () =>
        value(telemetry, 'oversoak.queue.length', 'soaks') === 1 &&
        value(telemetry, 'oversoak.agents', 'busy', 'wine') === 2,
    );
    await plane.cancel(busy);
    await until('it goes on', async () => value(telemetry, 'oversoak.queue.length', 'soaks') === 0);

    const points = telemetry.collect();
    const emitted = new Set([...points, ...telemetry.recorded].map(({ metric }) => metric));
    const declared = (Object.keys(METRICS) as Metric[]).filter(
      (metric) => METRICS[metric].by === 'control-plane',
    );
    // Seen in made runs: simulated agents keep no windows, so no drift is known.
    assert.deepEqual(
      declared.filter((metric) => !emitted.has(metric)),
      ['memory', 'handles', 'threads', 'p99'].map((figure) => `oversoak.run.drift.${figure}`),
    );
    const queues = points.filter(({ metric }) => metric === 'oversoak.queue.length');
    assert.equal(queues.length, 6);
    await app.close();
  });

  it('count the waiting jobs in the queues of the agents', async () => {
    const [a] = await bench.agents();
    const telemetry = new RecordingTelemetry();
    const plane = await bench.plane({}, { telemetry });
    await a.stop();
    const { soak } = await submit(plane);
    await until(
      'its job waits',
      async () => value(telemetry, 'oversoak.queue.length', 'agents') === 1,
    );
    assert.equal(value(telemetry, 'oversoak.queue.length', 'run-dispatch'), 0);
    assert.equal((await plane.runs.get(soak.runIds[0] ?? ''))?.state, 'preparing');
  });

  it('distinguish an agent that stopped in order from a lost one', async () => {
    const [a, b] = await bench.agents();
    const telemetry = new RecordingTelemetry();
    await bench.plane({}, { telemetry });
    await bench.redis.set(stoppedKey('agent-a'), a.registration.incarnation);
    // The mark of a process before it says nothing of this one.
    await bench.redis.set(stoppedKey('agent-b'), 'agent-b-0');
    const states = (...wanted: number[]) =>
      until(`agents are ${wanted}`, async () =>
        ['idle', 'stopped', 'lost'].every(
          (state, index) => value(telemetry, 'oversoak.agents', state, 'wine') === wanted[index],
        ),
      );
    await states(2, 0, 0);
    await a.loseLease();
    await b.loseLease();
    await states(0, 1, 1);
  });

  it('are not exported if telemetry is off', async () => {
    await bench.plane();
    assert.deepEqual(await bench.redis.keys('oversoak:telemetry:*'), []);
  });
});

describe('figures that were read', () => {
  it('are exported until the lease ends, and not if another control plane exports', async () => {
    let clockMs = 0;
    let holds = true;
    const figures = new ClusterFigures({
      lease: { hold: async () => holds, sinceMs: async () => 1, release: async () => {} },
      cells: { list: async () => [] },
      runs: { queueLength: async () => 0, refusedReports: async () => ({}) },
      agents: { list: async () => [] },
      queueLengths: { read: async () => new Map() },
      regressionCounts: { all: async () => new Map() },
      schedules: async () => [],
      lastEnded: async () => ({ verdict: null, soakId: null }),
      stopped: async () => null,
      nowMs: async () => 1,
      leaseMs: 100,
      clockMs: () => clockMs,
    });
    assert.equal(figures.points().length, 0);
    await figures.refresh();
    assert.ok(figures.points().length > 0);
    clockMs = 99;
    assert.ok(figures.exports);
    clockMs = 100;
    assert.equal(figures.points().length, 0);
    await figures.refresh();
    assert.ok(figures.exports);
    holds = false;
    await figures.refresh();
    assert.equal(figures.points().length, 0);
  });
});
