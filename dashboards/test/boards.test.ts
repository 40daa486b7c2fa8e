import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { readSettings } from '@oversoak/contracts';
import { REPOSITORY } from '@oversoak/testing/repository';
import { parse } from 'yaml';
import { PROMETHEUS, TEMPO } from '../src/query/sources.ts';
import { type Board, boards, type Panel, type Row } from './boards.ts';

const UNITS = new Set<unknown>(Object.values(units));
const COLUMNS = 24;

/** What is wrong with a panel by itself. */
function faultsOf({ title, description, datasource, fieldConfig, targets }: Panel): string[] {
  const faults: string[] = [];
  if (!title) faults.push('no title');
  if (!(description?.length >= 60)) faults.push('no description that says how to read it');
  if (!datasource) faults.push('no data source');
  if (targets.length === 0) faults.push('asks nothing');
  const refIds = targets.map(({ refId }) => refId);
  if (new Set(refIds).size !== refIds.length) faults.push(`queries ${refIds}`);
  for (const target of targets) {
    if (target.datasource?.uid !== datasource?.uid)
      faults.push(`query ${target.refId} goes elsewhere`);
  }
  const overridden = fieldConfig.overrides
    .flatMap(({ properties }) => properties)
    .filter(({ id }) => id === 'unit')
    .map(({ value }) => value);
  for (const unit of [fieldConfig.defaults.unit, ...overridden]) {
    if (!UNITS.has(unit) && !String(unit).startsWith('suffix: ')) faults.push(`unit ${unit}`);
  }
  return faults;
}

function overlap(a: Panel['gridPos'], b: Panel['gridPos']): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** Names that stand where a variable of the dashboard does; Grafana's own begin with two lines. */
function variablesUsed(json: string): string[] {
  return [...json.matchAll(/\$\{?([a-z]\w*)/g)].map(([, name]) => name as string);
}

function each(name: string, check: (board: Board) => void): void {
  for (const board of boards()) test(`${board.title}: ${name}`, () => check(board));
}

each('every panel states what it shows, its unit, its source, and how to read it', (board) => {
  const faults = board.panels.flatMap((panel) =>
    faultsOf(panel).map((fault) => `${panel.title}: ${fault}`),
  );
  assert.deepEqual(faults, []);
});

each('ids and titles are unique, and no panel overlaps another', ({ panels, rows }) => {
  const all: (Panel | Row)[] = [...panels, ...rows];
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length, 'ids');
  assert.equal(new Set(panels.map(({ title }) => title)).size, panels.length, 'titles');
  for (const [index, { id, gridPos }] of all.entries()) {
    assert.ok(gridPos.x + gridPos.w <= COLUMNS, `panel ${id} ends beyond the grid`);
    const under = all.slice(index + 1).find((other) => overlap(gridPos, other.gridPos));
    assert.equal(under?.id, undefined, `panel ${id} lies on`);
  }
});

each('every used variable is defined, and every defined one is used', (board) => {
  const known = board.variables.map(({ name }) => name);
  assert.deepEqual([...new Set(variablesUsed(board.json))].sort(), [...known].sort());
  for (const { name, label, description } of board.variables) {
    assert.ok(label && description, name);
  }
});

each(
  'a figure has its own thresholds: the defaults of Grafana are red from 80 on',
  ({ panels }) => {
    const bare = panels.filter(
      ({ type, fieldConfig }) =>
        (type === 'stat' || type === 'gauge') && fieldConfig.defaults.thresholds === undefined,
    );
    assert.deepEqual(
      bare.map(({ title }) => title),
      [],
    );
  },
);

each('parts of a stack have a legend that names them', ({ panels }) => {
  const without = panels.filter(
    ({ type, options }) =>
      (type === 'barchart' || type === 'timeseries') && options?.legend?.showLegend !== true,
  );
  assert.deepEqual(
    without.map(({ title }) => title),
    [],
  );
});

each('the links to the other dashboards are visible', ({ links }) => {
  assert.equal(links.length, 1);
  assert.equal(links[0]?.placement, undefined);
});

each('cells of two soaks are never merged', ({ variables }) => {
  const soak = variables.find(({ name }) => name === 'soak');
  if (soak !== undefined) assert.deepEqual([soak.multi, soak.includeAll], [false, false]);
});

each('a limited search of spans states its limit, and is sorted', ({ panels }) => {
  for (const { title, description, targets, options } of panels) {
    if (targets.every(({ limit }) => limit === undefined)) continue;
    assert.match(description, new RegExp(`up to ${targets[0]?.limit} spans`), title);
    assert.equal(options?.sortBy?.[0]?.desc, true, title);
  }
});

const hoursOf = (text: string) => {
  const [, count = '', unit = ''] = /^(\d+)([hdm])$/.exec(text) ?? [];
  return Number(count) * ({ m: 1 / 60, h: 1, d: 24 }[unit] ?? Number.NaN);
};

each('queries no longer a time range than Tempo allows', ({ panels, from }) => {
  const file = join(REPOSITORY, 'deploy/tempo/tempo.yaml');
  const { search, metrics } = parse(readFileSync(file, 'utf8')).query_frontend;
  const asked = hoursOf(from.replace('now-', ''));
  assert.ok(asked > 0);
  const targets = panels.flatMap((panel) => panel.targets);
  const ofSpans = targets.filter(({ queryType }) => queryType === 'traceql');
  if (ofSpans.length > 0) assert.ok(asked <= hoursOf(search.max_duration), 'search');
  if (ofSpans.some(({ metricsQueryType }) => metricsQueryType !== undefined)) {
    assert.ok(asked <= hoursOf(metrics.max_duration), 'metrics');
  }
});

each('shows the platform, so that Wine is marked', ({ panels, variables }) => {
  assert.ok(variables.some(({ name }) => name === 'platform'));
  const [first] = panels;
  assert.equal(first?.title, 'Platform');
  assert.match(
    JSON.stringify(first),
    /Wine: correctness and relative cost, never Windows performance/,
  );
});

test('dashboards have unique uids, titles and descriptions', () => {
  const all = boards();
  for (const key of ['uid', 'title', 'description'] as const) {
    assert.equal(new Set(all.map((board) => board[key])).size, all.length, key);
  }
});

test('every named data source is provisioned', () => {
  const file = join(REPOSITORY, 'deploy/grafana/provisioning/datasources/oversoak.yaml');
  const { datasources } = parse(readFileSync(file, 'utf8')) as {
    datasources: { uid: string; type: string }[];
  };
  const provided = datasources.map(({ uid, type }) => ({ type, uid }));
  assert.deepEqual(
    [PROMETHEUS, TEMPO].filter(({ uid }) => !provided.some((source) => source.uid === uid)),
    [],
  );
  const sources = boards().flatMap(({ panels, variables }) => [
    ...panels.map(({ datasource }) => datasource),
    ...variables.map(({ datasource }) => datasource),
  ]);
  const strangers = sources.filter(({ uid }) => !provided.some((source) => source.uid === uid));
  assert.deepEqual(strangers, []);
});

test('Grafana expects the interval at which agents and control planes export, unless set otherwise', () => {
  const file = join(REPOSITORY, 'deploy/grafana/provisioning/datasources/oversoak.yaml');
  const { datasources } = parse(readFileSync(file, 'utf8')) as {
    datasources: { jsonData: { timeInterval?: string } }[];
  };
  const { OTEL_METRIC_EXPORT_INTERVAL: exportMs } = readSettings('telemetry', {}, [
    'OTEL_METRIC_EXPORT_INTERVAL',
  ]);
  const intervals = datasources.flatMap(({ jsonData }) => jsonData.timeInterval ?? []);
  assert.deepEqual(intervals, [`${exportMs / 1000}s`]);
  for (const where of ['compose.yaml', 'deploy/windows-agent/install.ps1']) {
    const text = readFileSync(join(REPOSITORY, where), 'utf8');
    assert.doesNotMatch(text, /OTEL_METRIC_EXPORT_INTERVAL/, where);
  }
});

test('the check finds a panel without a unit or a description, and an undefined variable', () => {
  const [board] = boards();
  const [panel] = board?.panels ?? [];
  assert.ok(panel);
  const bare = { ...panel, description: '', fieldConfig: { defaults: {}, overrides: [] } };
  assert.deepEqual(faultsOf(bare), ['no description that says how to read it', 'unit undefined']);
  assert.deepEqual(variablesUsed(`x{a=~"$soak", b="\${cell:pipe}"}[$__range]`), ['soak', 'cell']);
});
