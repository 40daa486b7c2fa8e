import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as units from '@grafana/grafana-foundation-sdk/units';
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
  if (targets.length === 0) faults.push('has no query');
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

test('the check finds a panel without a unit or a description, and an undefined variable', () => {
  const [board] = boards();
  const [panel] = board?.panels ?? [];
  assert.ok(panel);
  const bare = { ...panel, description: '', fieldConfig: { defaults: {}, overrides: [] } };
  assert.deepEqual(faultsOf(bare), ['no description that says how to read it', 'unit undefined']);
  assert.deepEqual(variablesUsed(`x{a=~"$soak", b="\${cell:pipe}"}[$__range]`), ['soak', 'cell']);
});
