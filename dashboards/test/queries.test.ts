import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { parse } from 'yaml';
import { filled, type Query, queries } from '../src/queries.ts';
import { promqlFaults, traceqlFaults } from './syntax.ts';

/** From dist/test. */
const ALL = '.*';
const VALUES = {
  soak: ALL,
  notifier: ALL,
  layout: ALL,
  platform: ALL,
  cell: ALL,
  schedule: ALL,
  name: ALL,
  __range: '6h',
  __rate_interval: '1m',
  '__field.labels.oversoak_notifier': 'iocp',
  '__field.labels.oversoak_layout': 'homo',
  '__value.raw': '0.0123',
  __from: '1700000000000',
  __to: '1700000600000',
};

const faultsOf = ({ language, text }: Query) =>
  (language === 'promql' ? promqlFaults : traceqlFaults)(filled(text, VALUES));

test('every query is valid in its language and uses only declared names', () => {
  const all = queries();
  const faults = all.flatMap((query) => faultsOf(query).map((fault) => `${query.where}: ${fault}`));
  assert.deepEqual(faults, []);
  const count = (language: Query['language']) =>
    all.filter((query) => query.language === language).length;
  assert.ok(count('promql') > 60, `${count('promql')} of PromQL`);
  assert.ok(count('traceql') > 15, `${count('traceql')} of TraceQL`);
});

test('panels, links, variables and alerts are all checked', () => {
  const places = queries().map(({ where }) => where);
  for (const pattern of [
    /^dashboards\/json\/notifiers\.json: Latency, p99$/,
    /^dashboards\/json\/notifiers\.json: Latency, p99 → Slow echoes that took at least this long$/,
    /^dashboards\/json\/live\.json: variable soak$/,
    /^deploy\/grafana\/provisioning\/alerting\/oversoak\.yaml: Agents are lost$/,
  ]) {
    assert.ok(
      places.some((place) => pattern.test(place)),
      String(pattern),
    );
  }
});

test('the metrics linked from spans are queried by declared names', () => {
  const file = join(REPOSITORY, 'deploy/grafana/provisioning/datasources/oversoak.yaml');
  const { datasources } = parse(readFileSync(file, 'utf8')) as {
    datasources: { jsonData: { tracesToMetrics?: { queries: { query: string }[] } } }[];
  };
  const linked = datasources.flatMap(({ jsonData }) => jsonData.tracesToMetrics?.queries ?? []);
  assert.ok(linked.length > 0);
  for (const { query } of linked) {
    // Provisioning reads a single dollar as a variable of the environment.
    const tags = 'oversoak_soak_id="soak-1", oversoak_cell="iocp.homo.100"';
    assert.deepEqual(promqlFaults(query.replace('$$__tags', tags)), [], query);
  }
});

test('errors in PromQL are found', () => {
  const right = 'sum by (oversoak_cell) (rate(oversoak_errors_total{oversoak_role="server"}[1m]))';
  assert.deepEqual(promqlFaults(right), []);
  const wrong = (from: string, to: string) => promqlFaults(right.replace(from, to));
  assert.deepEqual(wrong('errors_total', 'errors')[0], 'metric oversoak_errors');
  assert.deepEqual(wrong('oversoak_role', 'oversoak_content'), [
    'label oversoak_content of oversoak_errors_total',
  ]);
  assert.deepEqual(wrong('oversoak_cell', 'cell'), ['label cell']);
  assert.deepEqual(wrong('server', 'serving'), ['value serving of oversoak.role']);
  assert.match(wrong('[1m]', '[1m').join(), /syntax at/);
});

test('errors in TraceQL are found', () => {
  const right = '{ name = "echo.slow" && span.oversoak.stage.dominating = "lock" } | rate()';
  assert.deepEqual(traceqlFaults(right), []);
  const wrong = (from: string, to: string) => traceqlFaults(right.replace(from, to));
  assert.match(wrong('echo.slow', 'echo.fast').join(), /span echo\.fast/);
  assert.deepEqual(wrong('stage.dominating', 'stage'), ['attribute oversoak.stage']);
  assert.deepEqual(wrong('lock', 'clock'), ['value clock of oversoak.stage.dominating']);
  assert.deepEqual(wrong('span.oversoak', '.oversoak'), ['scope of .oversoak.stage.dominating']);
  assert.match(wrong('rate()', 'rate(').join(), /syntax at/);
});

test('a variable without a value is refused by name', () => {
  assert.throws(() => filled('x{a=~"$nothing"}', {}), /no value for \$nothing/);
});
