// A real Prometheus 3 that a real soak feeds over OTLP, by a schedule, over two notification models
// and two thread layouts: every PromQL of every panel, variable and alert has an answer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Attribute,
  type ComparedCell,
  type Comparison,
  METRICS,
  type Metric,
  metricAttributes,
  prometheusLabel,
  prometheusName,
} from '@oversoak/contracts';
import { filled, type Query, queries } from '@oversoak/dashboards';
import { ApiClient } from 'oversoak/api/client';
import { Oversoak, until } from '../e2e/demo-process.ts';
import { Prometheus, type Series } from './prometheus-process.ts';

const EXPORT_MS = 1_000;
const STEP_SECONDS = 1;
const SPEC = {
  threads: { io: 1, content: 2 },
  game: {
    contents: [
      { name: 'lobby', workUs: 100, moves: { dungeon: 0.2 } },
      { name: 'dungeon', workUs: 100, moves: { lobby: 0.2 } },
    ],
  },
  workload: { ratePerSecond: 200, overSend: 4 },
  // A machine that is busy with other tests saturates the generator; that is no matter here.
  thresholds: ['achieved.rate >= 1%'],
};
const PHASES = { rampUpSeconds: 0.3, warmUpSeconds: 0.3, measureSeconds: 2, drainSeconds: 2 };
/** What the dashboards compare. */
const SMALL = {
  ...SPEC,
  workload: { ...SPEC.workload, zones: { size: 10, ticksPerSecond: 5 } },
  name: 'small',
  // One of Linux, which has the clock of the fleet: ticks have a latency there.
  matrix: { notifier: ['iocp', 'epoll'], layout: ['homo', 'hetero'], sessions: [20] },
  phases: PHASES,
};
/** Long enough to have a drift. */
const NIGHT = {
  ...SPEC,
  name: 'small-night',
  matrix: { notifier: ['iocp'], sessions: [20] },
  phases: { ...PHASES, measureSeconds: 23 },
};

let prometheus: Prometheus;
let start: Oversoak;
/** Of both soaks. */
let comparisons: Comparison[];
let fromSeconds: number;
let toSeconds: number;

const nowSeconds = () => Date.now() / 1000;
const json = (value: unknown) => ({
  text: JSON.stringify(value),
  contentType: 'application/json' as const,
});

before(async () => {
  fromSeconds = nowSeconds();
  prometheus = await Prometheus.start();
  start = await Oversoak.runIn(
    {
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: prometheus.receiver,
      OTEL_METRIC_EXPORT_INTERVAL: String(EXPORT_MS),
      OVERSOAK_METRICS_RUN_ID: '1',
    },
    'start',
    '--port',
    '0',
  );
  await start.says(/^Token +\S+$/m);
  const said = (name: string) =>
    start.output.match(new RegExp(`^${name} +(\\S+)$`, 'm'))?.[1] ?? '';
  const client = new ApiClient({ url: said('API'), token: said('Token') });
  await client.putSchedule('nightly', json({ cron: '0 2 * * *', spec: NIGHT }));
  const soaks = [await client.submit(json(SMALL)), await client.runSchedule('nightly')];
  for (const { soakId } of soaks) {
    await until(async () => (await client.soak(soakId)).state === 'done', `${soakId} to be done`);
  }
  comparisons = await Promise.all(soaks.map(({ soakId }) => client.comparison(soakId)));
  // The control plane exports the last verdict with one of its next exports.
  const [, night] = comparisons;
  const verdict = `${prometheusName('oversoak.schedule.verdict')}{${prometheusLabel('oversoak.verdict')}="${night?.verdict}"} == 1`;
  await until(async () => {
    const both = `${verdict} and on () ${prometheusName('oversoak.regressions')}`;
    return (await prometheus.at(both, nowSeconds())).result.length > 0;
  }, 'the verdict of the night, and what it is against the nights before');
  // The last step of a range lies up to a step before its end.
  toSeconds = nowSeconds() + STEP_SECONDS;
});
after(async () => {
  // First, for a cluster that ended by itself makes the rest fail.
  await prometheus?.stop();
  start?.pressCtrlC();
  await start?.exitCode();
  await start?.clearAway();
});

const VALUES: Record<string, string> = {
  ...Object.fromEntries(
    ['soak', 'notifier', 'layout', 'platform', 'cell', 'schedule', 'name'].map((name) => [
      name,
      // What "All" stands for.
      '.*',
    ]),
  ),
  __rate_interval: '10s',
};

const finite = (value: string | undefined) => Number.isFinite(Number(value));
/** A quantile of no counts is NaN, which Grafana does not draw. */
const hasFigure = ({ value, values = [], histogram, histograms = [] }: Series) =>
  [value, ...values].some((one) => one !== undefined && finite(one[1])) ||
  [histogram, ...histograms].some((one) => Number(one?.[1].count) > 0);

async function faultsOf(query: Query): Promise<string[]> {
  const range = `${Math.ceil(toSeconds - fromSeconds)}s`;
  const text = filled(query.text, { ...VALUES, __range: range });
  const answer = query.instant
    ? prometheus.at(text, toSeconds)
    : prometheus.over(text, fromSeconds, toSeconds, STEP_SECONDS);
  try {
    const { result, remarks } = await answer;
    const faults = remarks.map((remark) => `${query.where}: ${remark}`);
    if (!result.some(hasFigure)) faults.push(`${query.where}: no answer: ${text}`);
    return faults;
  } catch (error) {
    return [`${query.where}: ${error}`];
  }
}

test('both soaks are sound', () => {
  const cells = comparisons.flatMap((comparison) => comparison.cells);
  assert.deepEqual(
    cells.map(({ key, verdict, runs }) => [key, verdict, runs.length]),
    ['iocp.homo.20', 'iocp.hetero.20', 'epoll.homo.20', 'epoll.hetero.20', 'iocp.homo.20'].map(
      (key) => [key, 'passed', 1],
    ),
  );
});

test('every PromQL query of every panel, variable and alert has a result', async () => {
  const promql = queries().filter(({ language }) => language === 'promql');
  const faults: string[] = [];
  for (const query of promql) faults.push(...(await faultsOf(query)));
  assert.deepEqual(faults, []);
});

test('the check finds a query of a missing metric, and one that does not parse', async () => {
  const planted = (text: string) =>
    faultsOf({ where: 'planted', language: 'promql', text, instant: true });
  assert.match((await planted('oversoak_no_such_metric')).join(), /no answer/);
  assert.match((await planted('sum(')).join(), /parse error/);
});

test('Prometheus names metrics and labels as contracts says', async () => {
  const { result } = await prometheus.at(
    `count by (__name__) (last_over_time({__name__=~"oversoak_.+|http_.+|process_.+"}[1h]))`,
    toSeconds,
  );
  const there = result.map(({ metric }) => metric.__name__ ?? '').sort();
  const declared = Object.keys(METRICS) as Metric[];
  const uncounted: Metric = 'oversoak.thread.cycles'; // by Wine and Linux
  assert.deepEqual(
    there.filter((name) => !declared.map(prometheusName).includes(name)),
    [],
  );
  assert.deepEqual(
    declared.map(prometheusName).filter((name) => !there.includes(name)),
    [prometheusName(uncounted)],
  );
  for (const metric of declared) await assertLabels(metric);
});

async function assertLabels(metric: Metric): Promise<void> {
  const { result } = await prometheus.at(
    `last_over_time(${prometheusName(metric)}[1h])`,
    toSeconds,
  );
  const labels = new Set(result.flatMap((series) => Object.keys(series.metric)));
  const declared = metricAttributes(metric).map((attribute: Attribute) =>
    prometheusLabel(attribute),
  );
  const known = ['__name__', 'job', 'instance', ...declared];
  assert.deepEqual(
    [...labels].filter((label) => !known.includes(label)),
    [],
    metric,
  );
}

test('the figures match the results: every echo, and p99 within the buckets', async () => {
  for (const { soakId, cells } of comparisons) {
    for (const cell of cells) await assertFigures(soakId, cell);
  }
});

async function assertFigures(soakId: string, cell: ComparedCell): Promise<void> {
  const { key, latencyIntended, echoes } = cell;
  const last = (metric: Metric, more: Partial<Record<Attribute, string>> = {}) => {
    const matchers = { 'oversoak.soak.id': soakId, 'oversoak.cell': key, ...more };
    const inside = Object.entries(matchers)
      .map(([attribute, value]) => `${prometheusLabel(attribute as Attribute)}="${value}"`)
      .join(', ');
    return `sum(last_over_time(${prometheusName(metric)}{${inside}}[1h]))`;
  };
  const figure = async (query: string) => {
    const { result } = await prometheus.at(query, toSeconds);
    assert.equal(result.length, 1, query);
    return Number(result[0]?.value?.[1]);
  };
  const latency = last('oversoak.echo.latency', { 'oversoak.latency.from': 'intended' });
  assert.equal(await figure(`histogram_count(${latency})`), latencyIntended.count, key);
  assert.equal(await figure(last('oversoak.messages.echoed')), echoes, key);
  const p99Us = 1e6 * (await figure(`histogram_quantile(0.99, ${latency})`));
  const wantedUs = latencyIntended.p99Us ?? Number.NaN;
  assert.ok(Math.abs(p99Us / wantedUs - 1) < 0.03, `${key}: ${p99Us} us against ${wantedUs} us`);
}
