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
import { ApiClient } from '../src/api/client.ts';
import { Oversoak, until } from './demo-process.ts';
import { Prometheus, type Series } from './prometheus-process.ts';

const EXPORT_MS = 1_000;
const SCHEDULE = {
  cron: '0 2 * * *',
  spec: {
    name: 'small-night',
    matrix: { notifier: ['iocp', 'event'], layout: ['homo', 'hetero'], sessions: [20] },
    threads: { io: 1, content: 2 },
    game: {
      contents: [
        { name: 'lobby', workUs: 200, moves: { dungeon: 0.2 } },
        { name: 'dungeon', workUs: 200, moves: { lobby: 0.2 } },
      ],
    },
    workload: { ratePerSecond: 300, overSend: 4 },
    phases: { rampUpSeconds: 0.5, warmUpSeconds: 0.5, measureSeconds: 5, drainSeconds: 2 },
  },
};

let prometheus: Prometheus;
let start: Oversoak;
let comparison: Comparison;
let fromSeconds: number;
let toSeconds: number;

const nowSeconds = () => Date.now() / 1000;

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
  const text = { text: JSON.stringify(SCHEDULE), contentType: 'application/json' as const };
  await client.putSchedule('nightly', text);
  const { soakId } = await client.runSchedule('nightly');
  await until(async () => (await client.soak(soakId)).state === 'done', `${soakId} to be done`);
  comparison = await client.comparison(soakId);
  // The control plane tells of the verdict with its next exports.
  await until(async () => {
    const { result } = await prometheus.at(prometheusName('oversoak.run.p99'), nowSeconds());
    return result.length >= comparison.cells.length;
  }, 'the figures of all cells');
  toSeconds = nowSeconds();
});
after(async () => {
  await prometheus?.stop();
  start?.pressCtrlC();
  await start?.exitCode();
  await start?.clearAway();
});

const VALUES: Record<string, string> = {
  ...Object.fromEntries(
    ['soak', 'run', 'notifier', 'layout', 'platform', 'cell', 'schedule', 'name'].map((name) => [
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
  const asked = query.instant
    ? prometheus.at(text, toSeconds)
    : prometheus.over(text, fromSeconds, toSeconds, 1);
  try {
    const { result, remarks } = await asked;
    const faults = remarks.map((remark) => `${query.where}: ${remark}`);
    if (!result.some(hasFigure)) faults.push(`${query.where}: no answer: ${text}`);
    return faults;
  } catch (error) {
    return [`${query.where}: ${error}`];
  }
}

test('the soak is sound, so that its figures are', () => {
  const { verdict, cells } = comparison;
  assert.equal(verdict, 'passed', JSON.stringify(comparison.cells.map((cell) => cell.verdict)));
  assert.equal(cells.length, 4);
});

test('every PromQL of every panel, variable and alert has an answer', async () => {
  const asked = queries().filter(({ language }) => language === 'promql');
  const faults: string[] = [];
  for (const query of asked) faults.push(...(await faultsOf(query)));
  assert.deepEqual(faults, []);
});

test('a query of a metric that is not there, and one that does not parse, are found', async () => {
  const planted = (text: string) =>
    faultsOf({ where: 'planted', language: 'promql', text, instant: true });
  assert.match((await planted('oversoak_no_such_metric')).join(), /no answer/);
  assert.match((await planted('sum(')).join(), /parse error/);
});

test('Prometheus names metrics and labels as contracts says', async () => {
  const { result } = await prometheus.at(
    `count by (__name__) (last_over_time({__name__=~"oversoak_.+|http_.+"}[1h]))`,
    toSeconds,
  );
  const there = result.map(({ metric }) => metric.__name__ ?? '').sort();
  const declared = Object.keys(METRICS) as Metric[];
  assert.deepEqual(
    there.filter((name) => !declared.map(prometheusName).includes(name)),
    [],
  );
  assert.deepEqual(
    declared.map(prometheusName).filter((name) => !there.includes(name)),
    NEVER_HERE,
  );
  for (const metric of declared) await assertLabels(metric);
});

/** What a sound soak under Wine does not tell. */
const NEVER_HERE: string[] = [];

async function assertLabels(metric: Metric): Promise<void> {
  const { result } = await prometheus.at(
    `last_over_time(${prometheusName(metric)}[1h])`,
    toSeconds,
  );
  const labels = new Set(result.flatMap((series) => Object.keys(series.metric)));
  const declared = metricAttributes(metric).map((attribute: Attribute) =>
    prometheusLabel(attribute),
  );
  const known = ['job', 'instance', ...declared];
  assert.deepEqual(
    [...labels].filter((label) => !known.includes(label)),
    [],
    metric,
  );
}

test('the figures are those of the result: echoes to the last one, p99 as near as buckets are', async () => {
  for (const cell of comparison.cells) await assertFigures(cell);
});

async function assertFigures({ key, latencyIntended, ledger }: ComparedCell): Promise<void> {
  const of = `${prometheusLabel('oversoak.cell')}="${key}"`;
  const latency = `last_over_time(${prometheusName('oversoak.echo.latency')}{${of}, ${prometheusLabel('oversoak.latency.from')}="intended"}[1h])`;
  const figure = async (query: string) => {
    const { result } = await prometheus.at(query, toSeconds);
    assert.equal(result.length, 1, query);
    return Number(result[0]?.value?.[1]);
  };
  assert.equal(await figure(`histogram_count(sum(${latency}))`), latencyIntended.count, key);
  const echoed = `last_over_time(${prometheusName('oversoak.messages.echoed')}{${of}}[1h])`;
  assert.equal(await figure(`sum(${echoed})`), ledger.echoed, key);
  const p99 = (await figure(`histogram_quantile(0.99, sum(${latency}))`)) * 1e6;
  const wanted = latencyIntended.p99Us ?? Number.NaN;
  assert.ok(Math.abs(p99 / wanted - 1) < 0.03, `${key}: ${p99} us against ${wanted} us`);
}
