import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  readHistogram,
  Sample,
  STAGE_NAMES,
  samplesKey,
  schemaProblems,
} from '@oversoak/contracts';
import {
  type ReceivedPoint,
  type ReceivedSpan,
  type Receiver,
  startReceiver,
} from '@oversoak/testing/otlp/index';
import { type Agent, startAgent } from '../../src/agent.ts';
import { Cluster } from '../cluster.ts';
import { abort, assignFleet, assignServer, SHORT, start } from '../jobs.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const LAUNCH = `00-${TRACE_ID}-00f067aa0ba902b7-01`;
const PHASES = { ...SHORT, measureSeconds: 1.6, drainSeconds: 1 };

describe('an agent with a receiver', () => {
  let cluster: Cluster;
  let receiver: Receiver;
  let agent: Agent;

  before(async () => {
    cluster = await Cluster.start();
    receiver = await startReceiver();
    const before = { ...process.env };
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
    process.env.OTEL_BSP_SCHEDULE_DELAY = '100';
    agent = await startAgent(
      cluster.config({ metricsRunId: true, traceIntervalMs: 1_000, slowEchoes: 2 }),
    );
    process.env = before;
  });
  after(async () => {
    await agent.stop();
    await receiver.close();
    await cluster.stop();
    assert.deepEqual(receiver.faults, []);
  });

  const spansOf = (runId: string, name?: string): ReceivedSpan[] =>
    receiver.spans.filter(
      (span) =>
        span.attributes['oversoak.run.id'] === runId && (name === undefined || span.name === name),
    );
  const pointsOf = (runId: string, metric: string, attributes: object = {}): ReceivedPoint[] =>
    receiver.points.filter(
      (point) =>
        point.metric === metric &&
        point.attributes['oversoak.run.id'] === runId &&
        Object.entries(attributes).every(([name, value]) => point.attributes[name] === value),
    );
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async function run(runId: string): Promise<void> {
    for (const assign of [
      assignServer(runId, { phases: PHASES }),
      assignFleet(runId, { phases: PHASES }),
    ]) {
      await cluster.send({ ...assign, trace: LAUNCH });
    }
    while (cluster.seen.of(runId).length < 2) await cluster.seen.next();
    await cluster.send({ ...start(runId), trace: LAUNCH });
    while (cluster.seen.of(runId).length < 6) await cluster.seen.next();
    // The last of them is on its way.
    await until(() => spansOf(runId, 'job.send').length === 6);
    await until(() => spansOf(runId, 'part.interval').length >= 4);
  }

  it('exports a run from its jobs to its end, with the figures of its result', async () => {
    await run('run-a');
    const results = cluster.seen
      .of('run-a')
      .flatMap((report) => (report.kind === 'finished' ? [report.result] : []));
    const fleet = results.find(({ role }) => role === 'fleet');
    assert.ok(fleet?.role === 'fleet');
    const { final } = fleet.figures;
    const measured = readHistogram(final.measured.latency.intended).totalCount;
    assert.ok(measured > 500, String(measured));

    const latency = () =>
      pointsOf('run-a', 'oversoak.echo.latency', { 'oversoak.latency.from': 'intended' });
    await until(() => {
      const last = latency().at(-1);
      return last?.kind === 'histogram' && last.value.count === measured;
    });
    const first = latency()[0];
    assert.ok(first?.kind === 'histogram');
    assert.equal(first.value.count, 0, 'the zeros of the start');
    assert.deepEqual(new Set(latency().map(({ startNs }) => startNs)).size, 1);
    const { sent } = final.measured.load;
    assert.equal(pointsOf('run-a', 'oversoak.messages.sent').at(-1)?.value, sent);
    // Not every metric bears the run, so that a cell has one series of it.
    const inFlight = receiver.points.filter(({ metric }) => metric.endsWith('.in_flight'));
    assert.equal(inFlight.at(-1)?.value, 0);
    assert.equal(inFlight.at(-1)?.attributes['oversoak.run.id'], undefined);
    const stages = receiver.points.filter(({ metric }) => metric === 'oversoak.echo.stage.time');
    for (const stage of STAGE_NAMES) {
      const sumNs = final.measured.stages.reduce((sum, row) => sum + row[stage], 0);
      const last = stages.findLast(({ attributes }) => attributes['oversoak.stage'] === stage);
      assert.ok(Math.abs(Number(last?.value) - sumNs / 1e9) < 1e-9, stage);
    }
  });

  it('continues the trace of its jobs and propagates it with its reports', () => {
    const processed = spansOf('run-a', 'job.process');
    assert.equal(processed.length, 3, 'two assignments and a start');
    for (const { parentSpanId, traceId, attributes, kind } of processed) {
      assert.equal(parentSpanId, '00f067aa0ba902b7');
      assert.equal(traceId, TRACE_ID);
      assert.equal(kind, 'consumer');
      assert.equal(attributes['messaging.destination.name'], 'agent-agent-1');
    }
    const prepares = spansOf('run-a', 'part.prepare');
    assert.deepEqual(prepares.map(({ attributes }) => attributes['oversoak.role']).toSorted(), [
      'fleet',
      'server',
    ]);
    const ids = processed.map(({ spanId }) => spanId);
    assert.ok(prepares.every(({ parentSpanId }) => ids.includes(parentSpanId)));

    for (const report of cluster.seen.of('run-a')) {
      const sent = spansOf('run-a', 'job.send').find(
        ({ traceId, spanId }) => report.trace === `00-${traceId}-${spanId}-01`,
      );
      assert.ok(sent, `the trace of ${report.kind}`);
      assert.equal(sent.traceId === TRACE_ID, report.kind !== 'finished');
      if (report.kind === 'finished') assert.equal(sent.links[0]?.traceId, TRACE_ID);
    }
  });

  it('divides the run into intervals with their slowest echoes', () => {
    const intervals = spansOf('run-a', 'part.interval');
    for (const role of ['server', 'fleet']) {
      const own = intervals.filter(({ attributes }) => attributes['oversoak.role'] === role);
      const ordered = own.toSorted((a, b) => Number(a.startNs - b.startNs));
      for (const [index, { startNs }] of ordered.slice(1).entries()) {
        assert.equal(startNs, ordered[index]?.endNs, `${role}: no gap`);
      }
    }
    const echoed = intervals
      .filter(({ attributes }) => attributes['oversoak.role'] === 'fleet')
      .reduce((sum, { attributes }) => sum + Number(attributes['oversoak.interval.echoed']), 0);
    const finals = cluster.seen
      .of('run-a')
      .flatMap((report) => (report.kind === 'finished' ? [report.result] : []));
    const fleet = finals.find(({ role }) => role === 'fleet');
    assert.ok(fleet?.role === 'fleet');
    // The first interval begins with what was echoed until its first reading.
    const { measureStart, final } = fleet.figures;
    const before = final.ledger.echoed - echoed;
    assert.ok(before >= 0 && before <= measureStart.ledger.echoed, `${before} before`);

    const slow = spansOf('run-a', 'echo.slow');
    const ofFleet = intervals.filter(({ attributes }) => attributes['oversoak.role'] === 'fleet');
    assert.ok(slow.length > 0 && slow.length <= 2 * ofFleet.length, String(slow.length));
    for (const echo of slow) {
      assert.ok(
        ofFleet.some(({ traceId }) => traceId === echo.links[0]?.traceId),
        'linked to its interval',
      );
      assert.notEqual(echo.traceId, echo.links[0]?.traceId);
      const stages = receiver.spans.filter(({ parentSpanId }) => parentSpanId === echo.spanId);
      assert.equal(stages.length, 7);
      const sumNs = stages.reduce((sum, { startNs, endNs }) => sum + (endNs - startNs), 0n);
      const wholeNs = Number(echo.attributes['oversoak.echo.latency_us']) * 1000;
      assert.ok(Math.abs(Number(sumNs) - wholeNs) <= wholeNs * 0.05, `${sumNs} of ${wholeNs}`);
    }
  });

  it('adds none of that to the samples', async () => {
    const entries = await cluster.redis.xrange(samplesKey('agent-1'), '-', '+');
    assert.ok(entries.length > 0);
    for (const [, [, text]] of entries) {
      assert.deepEqual(schemaProblems(Sample, JSON.parse(text ?? '')), []);
    }
  });

  it('ends the series of a run with it', async () => {
    const seen = receiver.points.length;
    await cluster.send(abort('run-none'));
    await cluster.seen.wait('run-none', 'aborted');
    await run('run-b');
    const later = receiver.points.slice(seen);
    assert.deepEqual(
      later.filter(({ attributes }) => attributes['oversoak.run.id'] === 'run-a'),
      [],
    );
  });

  it('reports why a job was refused and why a part failed', async () => {
    await cluster.send({ ...start('run-c'), trace: LAUNCH });
    await cluster.send({ ...assignServer('run-d', { behaviour: 604 }), trace: LAUNCH });
    await cluster.seen.wait('run-d', 'failed');
    await cluster.send(assignServer('run-e', { phases: PHASES }));
    await cluster.seen.wait('run-e', 'prepared');
    await cluster.send(abort('run-e'));
    await cluster.seen.wait('run-e', 'aborted');
    await until(
      () =>
        spansOf('run-c', 'job.process').length === 1 &&
        spansOf('run-d', 'part.prepare').length === 1,
    );
    assert.equal(spansOf('run-c', 'job.process')[0]?.attributes['error.type'], 'not prepared');
    assert.match(spansOf('run-d', 'part.prepare')[0]?.failed ?? '', /WSAEADDRINUSE/);
  });
});
