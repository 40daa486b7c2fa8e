import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  emptyLoad,
  type FleetFigures,
  METRICS,
  type Metric,
  metricAttributes,
  ofLatencies,
  type ServerFigures,
  type StageRow,
} from '@oversoak/contracts';
import type { MetricPoint } from '@oversoak/telemetry';
import { serverZones } from '@oversoak/testing/builders/made-zones';
import { fleetPoints } from '../../src/telemetry/fleet-points.ts';
import { serverPoints } from '../../src/telemetry/server-points.ts';
import type { Watched } from '../../src/telemetry/watched.ts';
import { contentWith, fleetWith, histogramOf, serverWith } from './figures.ts';

const BASE = {
  ...{ attributes: { 'oversoak.cell': 'iocp.hetero.10' }, startMs: 5 },
  seconds: { measured: 4, all: 5.5 },
};
/** Of which each platform has one. */
const HANDLES: Metric[] = ['process.windows.handle.count', 'process.unix.file_descriptor.count'];
const unmeasured = <F extends FleetFigures | ServerFigures>(latest: F): Watched<F> => ({
  ...{ latest, measureStart: null, measureEnd: null },
});

function counted(points: readonly MetricPoint[], metric: Metric, attributes: object = {}) {
  const wanted = { ...BASE.attributes, ...attributes };
  const found = points.filter(
    (point) =>
      point.metric === metric &&
      JSON.stringify(point.attributes) === JSON.stringify({ ...point.attributes, ...wanted }),
  );
  assert.equal(found.length, 1, `${metric} ${JSON.stringify(attributes)}`);
  const value = found[0]?.value;
  return typeof value === 'object' ? value.totalCount : value;
}

const row = (count: number, queue: number): StageRow => ({
  ...{
    atLeastNs: 1000,
    count,
    client: 0,
    'network+wake': count * 1e9,
    lock: 0,
    queue,
    work: 0,
    send: 0,
    'fan-out': 0,
  },
});
const latency = (count: number) => {
  const text = histogramOf(...Array<number>(count).fill(2_000));
  return ofLatencies(() => text);
};
const ledger = (echoed: number) => ({ sent: echoed + 1, echoed, inFlight: 1, lostOnClose: 0 });

test('a fleet has points for messages, latency and stages of the measurement only', () => {
  const load = emptyLoad();
  const latest = fleetWith(
    { ledger: ledger(9) },
    {
      load: {
        ...load,
        due: 20,
        sent: 12,
        echoed: 8,
        held: 5,
        late: 3,
        unsent: { ...load.unsent, held: 7 },
      },
      latency: latency(4),
      stages: [row(4, 2e9)],
    },
  );
  const points = fleetPoints(unmeasured(latest), BASE);
  assert.equal(counted(points, 'oversoak.messages.due'), 20);
  assert.equal(counted(points, 'oversoak.messages.late'), 3);
  assert.equal(counted(points, 'oversoak.messages.unsent', { 'oversoak.cause': 'held' }), 7);
  assert.equal(counted(points, 'oversoak.messages.unsent', { 'oversoak.cause': 'lost' }), 0);
  assert.equal(counted(points, 'oversoak.messages.held'), 5);
  assert.equal(counted(points, 'oversoak.messages.sent'), 12);
  assert.equal(counted(points, 'oversoak.messages.echoed'), 8);
  assert.equal(counted(points, 'oversoak.run.measured_time'), 4);
  assert.equal(counted(points, 'oversoak.run.time'), 5.5);
  assert.equal(counted(points, 'oversoak.messages.in_flight'), 1);
  for (const from of ['intended', 'actual']) {
    const attributes = { 'oversoak.latency.from': from };
    assert.equal(counted(points, 'oversoak.echo.latency', attributes), 4);
  }
  assert.equal(counted(points, 'oversoak.echo.send_lag'), 4);
  assert.equal(counted(points, 'oversoak.echo.stage.time', { 'oversoak.stage': 'queue' }), 2);
  const network = { 'oversoak.stage': 'network+wake' };
  assert.equal(counted(points, 'oversoak.echo.stage.time', network), 4);
});

test('a server has points for the measurement, and the queue depth since the last reading', () => {
  const queueWait = (count: number) => ({ lobby: histogramOf(...Array<number>(count).fill(1e6)) });
  const histograms = (count: number) => ({
    lockWait: histogramOf(...Array<number>(count).fill(500)),
    moveLatency: histogramOf(),
    queueWait: queueWait(count),
  });
  const start = serverWith({
    contents: [contentWith('lobby', 10, 20, 10)],
    histograms: histograms(10),
    moves: 1,
    threads: [{ name: 'lobby-0', userSeconds: 2, kernelSeconds: 1, cycles: 1000 }],
  });
  const latest = serverWith({
    contents: [contentWith('lobby', 16, 50, 16)],
    histograms: histograms(16),
    moves: 4,
    threads: [
      { name: 'lobby-0', userSeconds: 2.5, kernelSeconds: 1, cycles: 1700 },
      { name: 'io-9', userSeconds: 7, kernelSeconds: 0, cycles: 21_000 },
    ],
  });
  const points = serverPoints({ latest, measureStart: start, measureEnd: null }, start, BASE);
  const lobby = { 'oversoak.content': 'lobby' };
  assert.equal(counted(points, 'oversoak.content.handled', lobby), 6);
  const cpu = (name: string, mode: string) =>
    counted(points, 'oversoak.thread.cpu', { 'oversoak.thread': name, 'oversoak.cpu.mode': mode });
  assert.deepEqual(
    [cpu('lobby-0', 'user'), cpu('lobby-0', 'kernel'), cpu('io-9', 'user')],
    [0.5, 0, 7],
  );
  const cycles = (name: string) =>
    counted(points, 'oversoak.thread.cycles', { 'oversoak.thread': name });
  assert.deepEqual([cycles('lobby-0'), cycles('io-9')], [700, 21_000]);
  assert.equal(counted(points, 'oversoak.content.queue_wait', lobby), 6);
  assert.equal(counted(points, 'oversoak.content.queue_depth', lobby), 5);
  assert.equal(counted(points, 'oversoak.container.lock_wait'), 6);
  assert.equal(counted(points, 'oversoak.player.moves'), 3);

  const again = serverPoints({ latest, measureStart: start, measureEnd: null }, latest, BASE);
  assert.equal(
    again.some(({ metric }) => metric === 'oversoak.content.queue_depth'),
    false,
    'nothing was looked at since',
  );
});

test('zones have points, of the measurement only, and soaks without zones have none of them', () => {
  const zones = (broadcasts: number) =>
    serverWith({ zones: serverZones(broadcasts, { dropped: broadcasts, replaced: 3 }) });
  const [start, latest] = [zones(10), zones(16)];
  const points = serverPoints({ latest, measureStart: start, measureEnd: null }, start, BASE);
  assert.equal(counted(points, 'oversoak.zone.broadcasts'), 6);
  assert.equal(counted(points, 'oversoak.zone.deliveries'), 300);
  assert.equal(counted(points, 'oversoak.zone.left_out'), 6);
  assert.equal(counted(points, 'oversoak.zone.backlog'), 8192);
  const warming = serverPoints(unmeasured(latest), latest, BASE);
  assert.equal(counted(warming, 'oversoak.zone.deliveries'), 0);
  const deliveries = { count: 3, untimed: 1, latency: histogramOf(1e6, 2e6, 3e6) };
  const fleet = fleetPoints(unmeasured(fleetWith({}, { deliveries })), BASE);
  assert.equal(counted(fleet, 'oversoak.delivery.latency'), 3);
  const all = [...fleet, ...points];
  assert.deepEqual(
    all.filter(({ metric }) => metric.includes('tick')),
    [],
    'no zone ticks',
  );
  const without = [
    ...fleetPoints(unmeasured(fleetWith()), BASE),
    ...serverPoints(unmeasured(serverWith()), serverWith(), BASE),
  ];
  const ofZones = without.filter(({ metric }) => /zone|delivery|tick/.test(metric));
  assert.deepEqual(ofZones, []);
});

/** Zones that have sent so many ticks, the last of them a little later than the first. */
function ticking(ticks: number): ServerFigures {
  const late = Array.from({ length: ticks }, (_, i) => 1e6 + i);
  const zones = serverZones(0, { ticks, ticksSkipped: ticks / 2 });
  const made = serverWith({ zones });
  return { ...made, histograms: { ...made.histograms, tickLateness: histogramOf(...late) } };
}

const ofTicks = (ticks: object) => ({
  ...{ count: 0, untimed: 0, latency: histogramOf() },
  ticks: { count: 2, untimed: 1, clock: 'shared', ...ticks } as const,
});

test('ticks have points of the measurement, and a latency only with a shared clock', () => {
  const [start, latest] = [ticking(10), ticking(16)];
  const points = serverPoints({ latest, measureStart: start, measureEnd: null }, start, BASE);
  assert.equal(counted(points, 'oversoak.zone.ticks'), 6);
  assert.equal(counted(points, 'oversoak.zone.ticks_skipped'), 3);
  assert.equal(counted(points, 'oversoak.zone.tick_lateness'), 6);
  const warming = serverPoints(unmeasured(latest), latest, BASE);
  assert.equal(counted(warming, 'oversoak.zone.ticks'), 0);
  const fleetOf = (ticks: object) =>
    fleetPoints(unmeasured(fleetWith({}, { deliveries: ofTicks(ticks) })), BASE);
  const shared = fleetOf({ latency: histogramOf(1e6, 2e6) });
  assert.equal(counted(shared, 'oversoak.tick.latency'), 2);
  const apart = fleetOf({ clock: 'other' });
  assert.ok(!apart.some(({ metric }) => metric === 'oversoak.tick.latency'));
});

test('figures that the platform does not report have no point', () => {
  const latest = fleetWith();
  const points = fleetPoints(unmeasured(latest), BASE);
  assert.equal(latest.process.handles, null);
  assert.equal(
    points.some(({ metric }) => HANDLES.includes(metric)),
    false,
  );
  assert.ok(latest.threads.length > 0 && latest.threads.every((thread) => thread.cycles === null));
  assert.equal(
    points.some(({ metric }) => metric === 'oversoak.thread.cycles'),
    false,
  );
  assert.equal(counted(points, 'process.thread.count'), 12);
});

test('every point has the attributes of its metric, and every error class has a point', () => {
  const fleet = fleetWith({}, { deliveries: ofTicks({ latency: histogramOf() }) });
  const server = ticking(2);
  const points = [
    ...fleetPoints(unmeasured(fleet), BASE),
    ...serverPoints(unmeasured(server), server, BASE),
  ];
  for (const { metric, attributes } of points) {
    const known = metricAttributes(metric);
    for (const name of Object.keys(attributes)) {
      assert.ok(known.includes(name as never), `${metric} does not declare ${name}`);
    }
  }
  const errors = points.filter(({ metric }) => metric === 'oversoak.errors');
  const classes = Object.keys({ ...fleet.errors, ...server.errors });
  assert.deepEqual(
    errors.map(({ attributes }) => attributes['oversoak.error.class']).toSorted(),
    classes.toSorted(),
  );
  const silent = [
    'oversoak.thread.cycles',
    ...HANDLES,
    'oversoak.telemetry.dropped',
    'oversoak.content.queue_depth',
  ];
  const exported = new Set(points.map(({ metric }) => metric));
  const missing = Object.entries(METRICS)
    .filter(([name, { by }]) => by !== 'control-plane' && !silent.includes(name))
    .filter(([name]) => !exported.has(name as Metric));
  assert.deepEqual(missing, []);
});
