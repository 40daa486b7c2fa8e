import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyLoad, type Metric, type Report, type SlowEcho } from '@oversoak/contracts';
import { type MetricSource, OFF, type SpanStart, type Telemetry } from '@oversoak/telemetry';
import type { Reading, ReadingMoment } from '../../src/host/messages.ts';
import { reportId } from '../../src/reports/reports.ts';
import { PartTelemetry } from '../../src/telemetry/part-telemetry.ts';
import { ReportSpans } from '../../src/telemetry/report-spans.ts';
import { assignFleet } from '../jobs.ts';
import { fleetWith } from './figures.ts';

const ID = 'oversoak.run.id';

/** Redis time minus that of the machine. */
const OFFSET_MS = 1_000_000;

/** Of the whole run, and what the fleet of these tests has of them. */
const SESSIONS = 10;
const SHARE = 0.5;

interface ToldSpan extends SpanStart {
  name: string;
  endMs: number;
  attributes: Readonly<Record<string, unknown>>;
}

/** A part of a fleet whose telemetry goes into lists; a flush waits until the test lets it. */
function toldPart(settings: Partial<{ traceIntervalMs: number; slowEchoes: number }> = {}) {
  const spans: ToldSpan[] = [];
  const sources = new Set<MetricSource>();
  const flushes: (() => void)[] = [];
  const telemetry: Telemetry = {
    ...OFF,
    on: true,
    begin: (name, start) => ({
      trace: `trace-${name}-${spans.length}`,
      end: ({ endMs, attributes }) => {
        spans.push({ name, ...start, endMs, attributes });
      },
    }),
    addSource: (source) => {
      sources.add(source);
      return () => sources.delete(source);
    },
    flush: () => new Promise((resolve) => flushes.push(resolve)),
  };
  const reportSpans = new ReportSpans(telemetry, () => OFFSET_MS);
  const part = new PartTelemetry(
    {
      agentId: 'agent-1',
      platform: 'wine',
      telemetry,
      settings: { metricsRunId: false, traceIntervalMs: 10_000, slowEchoes: 3, ...settings },
      clock: { nowMs: () => OFFSET_MS, toRedisMs: (localMs) => localMs + OFFSET_MS },
      reportSpans,
    },
    assignFleet('run-a', { sessions: SESSIONS * SHARE }),
    'launch',
  );
  const exported = (...metrics: Metric[]) =>
    [...sources].flatMap((source) =>
      [...source()].flatMap(({ metric, value }) => (metrics.includes(metric) ? [value] : [])),
    );
  const echoed = () => exported('oversoak.messages.echoed');
  const spansOf = (name: string) => spans.filter((span) => span.name === name);
  const endFlush = async () => {
    for (const end of flushes.splice(0)) end();
    await new Promise(setImmediate);
  };
  return { part, spansOf, exported, echoed, endFlush, sources, reportSpans };
}

const slow = (message: number, queue: number): SlowEcho => ({
  session: 1,
  message,
  intendedMachineMs: 10.5,
  stagesNs: { client: 0, 'network+wake': 0, lock: 0, queue, work: 0, send: 0, 'fan-out': 0 },
});

function read(
  part: PartTelemetry,
  moment: ReadingMoment,
  atMachineMs: number,
  echoes: number,
  slowEchoes: SlowEcho[] = [],
): void {
  const ledger = { sent: echoes, echoed: echoes, inFlight: 0, lostOnClose: 0 };
  const figures = fleetWith({ ledger }, { load: { ...emptyLoad(), echoed: echoes } });
  const reading: Reading = { role: 'fleet', figures, slowEchoes };
  part.read(moment, atMachineMs, reading);
}

test('metrics begin with the start and end with the end, however late they are read', async () => {
  const { part, echoed, endFlush, sources } = toldPart();
  assert.equal(sources.size, 0, 'no series before it starts');
  read(part, 'start', 0, 2);
  read(part, 'second', 1_000, 100);
  read(part, 'end', 1_500, 150);
  part.end();
  await endFlush();
  assert.equal(sources.size, 1, 'no export has happened');
  assert.deepEqual(echoed(), [2]);
  await endFlush();
  assert.equal(sources.size, 1, 'the end was not exported');
  assert.deepEqual(echoed(), [150]);
  await endFlush();
  assert.equal(sources.size, 0);
});

test('a part counts its share of the run time and of the measurement, and never decreases', () => {
  const { part, exported } = toldPart();
  const time = () => exported('oversoak.run.time', 'oversoak.run.measured_time');
  read(part, 'start', 0, 0);
  read(part, 'second', 1_000, 0);
  assert.deepEqual(time(), [0, 0], 'the first export is of the start');
  assert.deepEqual(time(), [SHARE, 0]);
  read(part, 'measureStart', 2_000, 0);
  read(part, 'second', 5_000, 0);
  assert.deepEqual(time(), [5 * SHARE, 3 * SHARE]);
  read(part, 'second', 4_990, 0);
  assert.deepEqual(time(), [5 * SHARE, 3 * SHARE], 'a clock that was set back');
  read(part, 'measureEnd', 6_990, 0);
  read(part, 'end', 7_990, 0);
  assert.deepEqual(time(), [8 * SHARE, 5 * SHARE]);
});

test('an idle receiver does not keep the series of finished parts', async () => {
  const { part, endFlush, sources } = toldPart();
  read(part, 'start', 0, 0);
  part.end();
  for (let flushes = 0; flushes < 3; flushes += 1) await endFlush();
  assert.equal(sources.size, 0);
});

test('intervals are contiguous to the end, even if readings come early', () => {
  const { part, spansOf } = toldPart({ traceIntervalMs: 2_000 });
  for (const [moment, atMs, echoes] of [
    ['start', 3, 0],
    ['second', 1_000, 10],
    ['measureStart', 1_995, 20],
    ['second', 3_001, 30],
    ['second', 4_000, 40],
    ['end', 4_700, 45],
  ] as const) {
    read(part, moment, atMs, echoes);
  }
  part.end();
  const cut = spansOf('part.interval').map(({ startMs, endMs, attributes, links }) => [
    startMs - OFFSET_MS,
    endMs - OFFSET_MS,
    attributes['oversoak.interval.echoed'],
    links,
  ]);
  assert.deepEqual(cut, [
    [3, 1_995, 20, ['launch']],
    [1_995, 4_000, 20, ['launch']],
    [4_000, 4_700, 5, ['launch']],
  ]);
});

test('a part that ends early has its last interval too', () => {
  const { part, spansOf } = toldPart();
  read(part, 'start', 0, 0);
  read(part, 'second', 1_000, 10);
  part.end('cancelled');
  assert.deepEqual(
    spansOf('part.interval').map(({ endMs }) => endMs - OFFSET_MS),
    [1_000],
  );
});

test('the slowest echoes of an interval are exported, with their own times', () => {
  const { part, spansOf } = toldPart({ traceIntervalMs: 2_000, slowEchoes: 2 });
  read(part, 'start', 0, 0);
  read(part, 'second', 1_000, 10, [slow(1, 5e6), slow(2, 1e6)]);
  read(part, 'second', 2_000, 20, [slow(3, 9e6), slow(4, 2e6)]);
  read(part, 'end', 3_000, 30);
  const echoes = spansOf('echo.slow');
  assert.deepEqual(
    echoes.map(({ attributes }) => attributes['oversoak.echo.sequence']),
    [3, 1],
  );
  const [slowest] = echoes;
  assert.equal(slowest?.startMs, OFFSET_MS + 10.5);
  assert.equal(slowest?.endMs, OFFSET_MS + 19.5);
  assert.equal(slowest?.attributes['oversoak.echo.latency_us'], 9_000);
  assert.equal(slowest?.attributes['oversoak.stage.dominating'], 'queue');
  assert.equal(spansOf('echo.stage').length, 14);
});

test('a report continues the launch trace until the part has started, and then has its own', () => {
  const { part, spansOf, reportSpans } = toldPart();
  const from = { runId: 'run-a', epoch: 1, agentId: 'agent-1', role: 'fleet', atMs: 0 } as const;
  const launchOf = (report: Report) => {
    const { trace } = part.report(report);
    reportSpans.delivered(reportId(report), '1-0');
    const { parent, links, attributes } = spansOf('job.send').at(-1) ?? {};
    return { parent, links, traced: trace?.startsWith('trace-job.send'), of: attributes?.[ID] };
  };
  const launched = { parent: 'launch', links: undefined, traced: true, of: 'run-a' };
  const aborted: Report = { ...from, kind: 'aborted', reason: 'cancelled' };
  assert.deepEqual(launchOf(aborted), launched);
  read(part, 'start', 0, 0);
  assert.deepEqual(launchOf({ ...from, kind: 'started' }), launched);
  assert.deepEqual(launchOf(aborted), {
    parent: undefined,
    links: ['launch'],
    traced: true,
    of: 'run-a',
  });
});
