import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { emptyHistogram, METRICS, SPANS } from '@oversoak/contracts';
import { type Receiver, startReceiver } from '@oversoak/testing/otlp/index';
import type { MetricPoint, Telemetry } from '../src/index.ts';
import { started } from './started.ts';

const START_MS = 1_700_000_000_000;
const NS_PER_MS = 1_000_000n;
const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

let receiver: Receiver;
let telemetry: Telemetry;
let nowMs = START_MS;

before(async () => {
  receiver = await startReceiver();
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  telemetry = await started(variables, { now: () => nowMs });
});
after(async () => {
  await telemetry.close();
  await receiver.close();
  assert.deepEqual(receiver.faults, []);
});

const lastPoint = (metric: string) => receiver.points.findLast((point) => point.metric === metric);
const spanNamed = (name: string) => {
  const span = receiver.spans.find((each) => each.name === name);
  assert.ok(span, `no span ${name}`);
  return span;
};

test('a span has its times, parent, links and declared attributes', async () => {
  const link = '00-11111111111111111111111111111111-2222222222222222-01';
  const open = telemetry.begin('job.process', {
    startMs: START_MS + 0.25,
    parent: PARENT,
    links: [link, 'none'],
    title: 'process agent-a',
  });
  open.end({
    endMs: START_MS + 7.5,
    failed: 'no free slot',
    attributes: {
      'oversoak.run.id': 'run-1',
      'oversoak.run.epoch': 2.0,
      'oversoak.sessions': '100',
      'oversoak.schedule': 'not of this span',
    },
  });
  await telemetry.flush();

  const span = spanNamed('process agent-a');
  assert.equal(span.kind, SPANS['job.process'].kind);
  assert.equal(span.startNs, BigInt(START_MS) * NS_PER_MS + 250_000n);
  assert.equal(span.endNs - span.startNs, 7_250_000n);
  assert.equal(span.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.equal(span.parentSpanId, '00f067aa0ba902b7');
  assert.deepEqual(span.links, [{ traceId: '1'.repeat(32), spanId: '2'.repeat(16) }]);
  assert.equal(span.failed, 'no free slot');
  assert.deepEqual(span.attributes, {
    'oversoak.run.id': 'run-1',
    'oversoak.run.epoch': 2n,
    'oversoak.sessions': 100n,
  });
  assert.equal(open.trace, `00-${span.traceId}-${span.spanId}-01`);
  assert.equal(span.resource['service.name'], 'oversoak-agent');
  assert.equal(span.resource['service.version'], '1.2.3');
  assert.equal(span.resource['service.instance.id'], 'one');
});

test('a new trace begins without a readable parent', async () => {
  const alone = telemetry.begin('part.interval', { startMs: START_MS, parent: 'unreadable' });
  const below = telemetry.begin('part.prepare', { startMs: START_MS, parent: alone.trace });
  below.end({ endMs: START_MS, attributes: {} });
  alone.end({ endMs: START_MS, attributes: {} });
  await telemetry.flush();
  const [root, child] = [spanNamed('part.interval'), spanNamed('part.prepare')];
  assert.equal(root.parentSpanId, '');
  assert.equal(child.parentSpanId, root.spanId);
  assert.equal(child.traceId, root.traceId);
});

test('points of sources are exported as declared, from their start until their end', async () => {
  const latency = emptyHistogram();
  latency.recordValueWithCount(250_000, 4);
  const attributes = { 'oversoak.cell': 'iocp.homo', 'oversoak.run.id': 'run-1' };
  const common = { attributes, startMs: START_MS - 5_000 };
  const points: MetricPoint[] = [
    { ...common, metric: 'oversoak.echo.latency', value: latency },
    { ...common, metric: 'oversoak.messages.sent', value: 12 },
    { ...common, metric: 'oversoak.messages.in_flight', value: 3 },
    { ...common, metric: 'oversoak.container.lock_wait', value: latency },
    { ...common, metric: 'process.memory.usage', value: 4096 },
    { ...common, metric: 'oversoak.content.queue_depth', value: 0.5 },
  ];
  const remove = telemetry.addSource(() => points);
  nowMs = START_MS + 1_000;
  await telemetry.flush();
  for (const { metric } of points) {
    const point = lastPoint(metric);
    assert.ok(point, metric);
    const { kind, unit, description } = METRICS[metric];
    assert.deepEqual(
      { kind: point.kind, unit: point.unit, description: point.description },
      { kind, unit, description },
    );
    assert.equal(point.startNs, BigInt(START_MS - 5_000) * NS_PER_MS);
    assert.equal(point.timeNs, BigInt(START_MS + 1_000) * NS_PER_MS);
    if (point.kind !== 'gauge') assert.equal(point.cumulative, true);
  }
  // Only some metrics may bear the run.
  assert.deepEqual(lastPoint('oversoak.messages.sent')?.attributes, attributes);
  assert.deepEqual(lastPoint('oversoak.container.lock_wait')?.attributes, {
    'oversoak.cell': 'iocp.homo',
  });
  assert.equal(lastPoint('oversoak.messages.sent')?.value, 12);
  const sent = lastPoint('oversoak.echo.latency');
  assert.ok(sent?.kind === 'histogram');
  assert.equal(sent.value.count, 4);
  assert.ok(Math.abs(sent.value.sum - 0.001) < 1e-6);

  remove();
  const seen = receiver.points.length;
  await telemetry.flush();
  const later = receiver.points.slice(seen).map(({ metric }) => metric);
  assert.deepEqual(later, ['oversoak.telemetry.dropped']);
});

test('if a series has two sources, the newer one counts', async () => {
  const point = (startMs: number, value: number): MetricPoint => ({
    metric: 'oversoak.messages.sent',
    attributes: { 'oversoak.cell': 'twice' },
    startMs,
    value,
  });
  const removes = [
    telemetry.addSource(() => [point(START_MS, 1)]),
    telemetry.addSource(() => [point(START_MS - 60_000, 900)]),
  ];
  await telemetry.flush();
  const twice = receiver.points.filter(({ attributes }) => attributes['oversoak.cell'] === 'twice');
  assert.deepEqual(
    twice.map(({ value }) => value),
    [1],
  );
  for (const remove of removes) remove();
});

test('a failing source is counted and does not affect others', async () => {
  const removes = [
    telemetry.addSource(() => {
      throw new Error('a fault of ours');
    }),
    telemetry.addSource(() => [
      { metric: 'oversoak.messages.sent', attributes: {}, startMs: START_MS, value: 77 },
    ]),
  ];
  await telemetry.flush();
  for (const remove of removes) remove();
  assert.equal(lastPoint('oversoak.messages.sent')?.value, 77);
  await telemetry.flush();
  assert.equal(lastPoint('oversoak.telemetry.dropped')?.value, 1);
});

test('the histograms of the program are exponential and cumulative', async () => {
  for (const value of [0.001, 0.002]) telemetry.record('oversoak.allocation.duration', value);
  await telemetry.flush();
  const duration = lastPoint('oversoak.allocation.duration');
  assert.ok(duration?.kind === 'histogram');
  assert.equal(duration.value.count, 2);
  assert.equal(duration.unit, 's');
});

test('a process has one telemetry instance at a time, with only the configured signals', async () => {
  await assert.rejects(started({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }), /already/);
  await telemetry.close();

  const other = await startReceiver();
  const second = await started(
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${other.url}/v1/traces` },
    { name: 'oversoak-control-plane' },
  );
  second.begin('soak.submit', { startMs: START_MS }).end({ endMs: START_MS, attributes: {} });
  second.record('oversoak.allocation.duration', 0.001);
  await second.close();
  await other.close();
  assert.deepEqual(
    other.spans.map(({ name, resource }) => [name, resource['service.name']]),
    [['soak.submit', 'oversoak-control-plane']],
  );
  assert.deepEqual(other.points, []);
});
