// The telemetry of a real soak: two notifiers, one under Wine and one of Linux, which has the clock of
// the fleet, under two layouts; received as OTLP.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunResult, readHistogram, STAGE_NAMES, type stagesSince } from '@oversoak/contracts';
import {
  type ReceivedPoint,
  type ReceivedSpan,
  type Receiver,
  startReceiver,
} from '@oversoak/testing/otlp/index';
import { ApiClient } from 'oversoak/api/client';
import { DECLARED, pointFaults, seenOf, spanFaults, spanName } from './declared.ts';
import { allGone, Oversoak, until } from './demo-process.ts';

const SPEC = {
  name: 'with-receiver',
  matrix: { notifier: ['iocp', 'epoll'], layout: ['homo', 'hetero'], sessions: [40] },
  workload: { ratePerSecond: 200, overSend: 8, zones: { size: 10, share: 0.1, ticksPerSecond: 5 } },
  threads: { io: 1, content: 2 },
  game: {
    contents: [
      { name: 'lobby', workUs: 20, moves: { pvp: 0.1 } },
      { name: 'pvp', workUs: 50, moves: { lobby: 0.2 } },
    ],
  },
  phases: { rampUpSeconds: 0.5, warmUpSeconds: 0.5, measureSeconds: 2, drainSeconds: 1 },
};
const SCHEDULE = { cron: '0 3 1 1 *', spec: SPEC };
const SLOW_ECHOES = 3;
const ENVIRONMENT = {
  OVERSOAK_METRICS_RUN_ID: '1',
  OVERSOAK_TRACE_INTERVAL_SECONDS: '1',
  OVERSOAK_SLOW_ECHOES: String(SLOW_ECHOES),
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
  OTEL_BSP_SCHEDULE_DELAY: '500',
};

/** What a sound soak does not export, and why. A whole metric or one of its attributes. */
const NOT_TOLD = {
  'oversoak.run.drift': 'needs twenty windows',
  'oversoak.thread.cycles': 'neither Wine nor Linux counts them',
  'job.process/error.type': 'no job was refused',
  'http.request/error.type': 'no request failed',
} as const;
const excuses = (name: string) =>
  Object.keys(NOT_TOLD).filter(
    (excused) =>
      name === excused || ['/', ' ', '.'].some((end) => name.startsWith(`${excused}${end}`)),
  );

describe('a soak with a receiver', () => {
  let receiver: Receiver;
  const results: RunResult[] = [];

  before(async () => {
    receiver = await startReceiver();
    const cluster = await Oversoak.runIn(
      ENVIRONMENT,
      ...['start', '--port', '0', '--otlp', receiver.url],
    );
    try {
      await cluster.says(/^Token +\S+$/m);
      const footprint = await cluster.footprint();
      const found = (name: string) =>
        cluster.output.match(new RegExp(`^${name} +(\\S+)$`, 'm'))?.[1] ?? '';
      const client = new ApiClient({ url: found('API'), token: found('Token') });
      const text = JSON.stringify(SCHEDULE);
      await client.putSchedule('with-receiver', { text, contentType: 'application/json' });
      const { soakId } = await client.runSchedule('with-receiver');
      const isDone = async () => (await client.soak(soakId)).state === 'done';
      await until(isDone, `${soakId} to be done`);
      const soak = await client.soak(soakId);
      for (const { runId } of soak.runs) {
        const { result } = await client.run(runId);
        if (result !== null) results.push(result);
      }
      // The control plane reads the figures of its schedules from time to time.
      const isTold = () => receiver.points.some(({ metric }) => metric === 'oversoak.regressions');
      await until(isTold, 'the regressions of the schedule');
      cluster.pressCtrlC();
      await cluster.exitCode();
      await allGone(footprint);
    } finally {
      await cluster.clearAway();
    }
  });

  after(() => receiver.close());

  const spansOf = (runId: string, name: string): ReceivedSpan[] =>
    receiver.spans.filter(
      (span) => spanName(span) === name && span.attributes['oversoak.run.id'] === runId,
    );
  /** The last of each series of a run. */
  const lastOf = (runId: string, metric: string): ReceivedPoint[] => {
    const own = receiver.points.filter(
      (point) => point.metric === metric && point.attributes['oversoak.run.id'] === runId,
    );
    const bySeries = new Map(own.map((point) => [keyOf(point), point]));
    return [...bySeries.values()];
  };

  test('four runs finished, and everything received is valid', () => {
    assert.equal(results.length, 4);
    for (const { run } of results) {
      // On a busy machine the fleet may have been too slow.
      const { verdict = null } = run.judgement ?? {};
      assert.ok(verdict === 'passed' || verdict === 'inconclusive', JSON.stringify(run.judgement));
    }
    assert.deepEqual(receiver.faults, []);
  });

  test('everything received is declared, with its kind, unit and attributes', () => {
    const faults = [...receiver.spans.flatMap(spanFaults), ...receiver.points.flatMap(pointFaults)];
    assert.deepEqual([...new Set(faults)], []);
  });

  test('the check finds undeclared telemetry', () => {
    const span = receiver.spans.find(({ name }) => name === 'part.interval');
    const point = receiver.points.find(({ metric }) => metric === 'oversoak.messages.sent');
    assert.ok(span !== undefined && point !== undefined);
    const service = { 'service.name': 'oversoak-control-plane' };
    const attributes = { ...span.attributes, 'oversoak.echo.session': 1n };
    const wrong = [
      ...[
        { ...span, name: 'part.other' },
        { ...span, kind: 'server' as const },
      ].map(spanFaults),
      ...[
        { ...span, attributes },
        { ...span, resource: service },
      ].map(spanFaults),
      ...[
        { ...point, metric: 'oversoak.other' },
        { ...point, unit: 's' },
      ].map(pointFaults),
      pointFaults({ ...point, attributes: { ...point.attributes, 'oversoak.layout': 'other' } }),
      pointFaults({ ...point, attributes: { ...point.attributes, 'oversoak.sessions': '40' } }),
      pointFaults({ ...point, kind: 'sum', value: 1, cumulative: false }),
    ];
    for (const [index, faults] of wrong.entries()) assert.ok(faults.length > 0, `the ${index}th`);
  });

  test('everything declared was sent by the process it is declared for', () => {
    const seen = seenOf(receiver.spans, receiver.points);
    const missing = DECLARED.filter((name) => !seen.has(name));
    assert.deepEqual(
      missing.filter((name) => excuses(name).length === 0),
      [],
    );
    const excused = [...seen].filter((name) => excuses(name).length > 0);
    assert.deepEqual(excused, [], 'it needs no excuse');
  });

  test('every series ends with the figures of the result', () => {
    for (const { run, fleets, server } of results) {
      for (const { figures } of Object.values(fleets)) {
        const { final } = figures;
        for (const from of ['intended', 'actual'] as const) {
          const counted = readHistogram(final.measured.latency[from]).totalCount;
          const [point] = lastOf(run.runId, 'oversoak.echo.latency').filter(
            ({ attributes }) => attributes['oversoak.latency.from'] === from,
          );
          assert.ok(point?.kind === 'histogram', `${run.runId} ${from}`);
          assert.equal(point.value.count, counted);
          assert.ok(counted > 100, `${counted} echoes`);
          const inBuckets = point.value.bucketCounts.reduce((sum, count) => sum + count, 0);
          assert.equal(inBuckets + point.value.zeroCount, counted);
        }
        const value = (metric: string) => lastOf(run.runId, metric)[0]?.value;
        assert.equal(value('oversoak.messages.due'), final.measured.load.due);
        assert.equal(value('oversoak.messages.sent'), final.measured.load.sent);
        assert.equal(value('oversoak.messages.echoed'), final.measured.load.echoed);
        assertStageTimes(run.runId, final.measured.stages);
      }
      assert.ok(server !== null);
      const errors = lastOf(run.runId, 'oversoak.errors').filter(
        ({ attributes }) => attributes['oversoak.role'] === 'server',
      );
      assert.equal(errors.length, Object.keys(server.figures.final.errors).length);
    }
  });

  /** Stage times bear no run: those of a cell, which here is one run. */
  function assertStageTimes(runId: string, table: ReturnType<typeof stagesSince>): void {
    const cell = spansOf(runId, 'part.prepare')[0]?.attributes['oversoak.cell'];
    for (const stage of STAGE_NAMES) {
      const last = receiver.points.findLast(
        ({ metric, attributes }) =>
          metric === 'oversoak.echo.stage.time' &&
          attributes['oversoak.cell'] === cell &&
          attributes['oversoak.stage'] === stage,
      );
      const seconds = table.reduce((sum, row) => sum + row[stage], 0) / 1e9;
      assert.ok(Math.abs(Number(last?.value) - seconds) < 1e-6, `${cell} ${stage}`);
    }
  }

  test('series start at zero, keep their start time and never decrease', () => {
    const bySeries = Map.groupBy(
      receiver.points.filter(({ kind }) => kind === 'sum' || kind === 'histogram'),
      (point) => `${point.metric} ${keyOf(point)} ${point.startNs}`,
    );
    const count = ({ value }: ReceivedPoint) => (typeof value === 'number' ? value : value.count);
    for (const [series, points] of bySeries) {
      const ordered = points.toSorted((a, b) => Number(a.timeNs - b.timeNs));
      for (const [index, later] of ordered.slice(1).entries()) {
        const earlier = ordered[index] as ReceivedPoint;
        assert.ok(count(later) >= count(earlier), series);
        // The SDK's own instruments, of the control plane, widen their buckets when a value needs it.
        const isOurs = later.resource['service.name'] === 'oversoak-agent';
        if (isOurs && later.kind === 'histogram' && earlier.kind === 'histogram') {
          assert.equal(later.value.scale, earlier.value.scale, series);
        }
      }
      if (series.startsWith('oversoak.echo.latency')) {
        assert.equal(count(ordered[0] as ReceivedPoint), 0, series);
        assert.ok(ordered.length >= 2, `${series}: both ends`);
      }
    }
  });

  test('each interval has a bounded number of slow echoes, whose stages add up', () => {
    for (const { run } of results) {
      const slow = spansOf(run.runId, 'echo.slow');
      assert.ok(slow.length > 0, run.runId);
      const byInterval = Map.groupBy(slow, ({ links }) => links[0]?.traceId);
      const intervals = new Set(spansOf(run.runId, 'part.interval').map(({ traceId }) => traceId));
      for (const [interval, echoes] of byInterval) {
        assert.ok(intervals.has(interval ?? ''), 'linked to its interval');
        assert.ok(echoes.length <= SLOW_ECHOES);
      }
      for (const echo of slow) assertStages(echo);
    }
  });

  function assertStages(echo: ReceivedSpan): void {
    const stages = receiver.spans.filter(({ parentSpanId }) => parentSpanId === echo.spanId);
    const ordered = stages.toSorted((a, b) => Number(a.startNs - b.startNs));
    const names = stages.map(({ attributes }) => attributes['oversoak.stage']);
    // Most messages go to no zone.
    const expected = STAGE_NAMES.filter((name) => name !== 'fan-out' || names.includes(name));
    assert.deepEqual(names.toSorted(), [...expected, 'return'].toSorted());
    assert.equal(ordered[0]?.startNs, echo.startNs);
    const sumNs = Number(stages.reduce((sum, { startNs, endNs }) => sum + (endNs - startNs), 0n));
    const spanNs = Number(echo.endNs - echo.startNs);
    const latencyNs = Number(echo.attributes['oversoak.echo.latency_us']) * 1000;
    for (const wholeNs of [spanNs, latencyNs]) {
      assert.ok(Math.abs(sumNs - wholeNs) <= wholeNs * 0.05, `${sumNs} ns of ${wholeNs} ns`);
    }
  }

  test('slow echoes have times within their run', () => {
    for (const { run } of results) {
      const startNs = BigInt(run.startAtMs ?? 0) * 1_000_000n;
      const [end] = spansOf(run.runId, 'run.verdict');
      for (const echo of spansOf(run.runId, 'echo.slow')) {
        assert.ok(echo.startNs >= startNs, 'after the start');
        if (end !== undefined) assert.ok(echo.endNs <= end.endNs, 'before the verdict');
      }
    }
  });

  test('a launch is one trace, from the sent job to the prepared host process', () => {
    const byId = new Map(receiver.spans.map((span) => [span.spanId, span]));
    const parentOf = (span: ReceivedSpan) => byId.get(span.parentSpanId);
    for (const { run } of results) {
      const prepares = spansOf(run.runId, 'part.prepare');
      assert.equal(prepares.length, run.gang.length);
      for (const prepare of prepares) {
        const processed = parentOf(prepare);
        assert.equal(processed?.name, 'job.process');
        const sent = processed && parentOf(processed);
        assert.equal(sent?.name, 'job.send');
        assert.equal(sent?.traceId, prepare.traceId);
        assert.equal(
          sent?.attributes['messaging.message.id'],
          processed?.attributes['messaging.message.id'],
        );
      }
      assert.equal(new Set(prepares.map(({ traceId }) => traceId)).size, 1);
    }
  });
});

function keyOf({ attributes }: ReceivedPoint): string {
  return JSON.stringify(
    Object.entries(attributes)
      .toSorted()
      .map(([name, value]) => [name, String(value)]),
  );
}
