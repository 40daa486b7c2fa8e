import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TELEMETRY_PAGE, telemetryMarkdown } from '../../src/docs/telemetry-markdown.ts';
import { ATTRIBUTES, METRICS, prometheusName, SPANS } from '../../src/index.ts';

test('docs/telemetry.md is what is declared; "npm run docs" writes it', () => {
  assert.equal(readFileSync(TELEMETRY_PAGE, 'utf8'), telemetryMarkdown());
});

test('it has a row for every name', () => {
  const rows = telemetryMarkdown().split('\n');
  const row = (start: string) => rows.filter((line) => line.startsWith(start)).length;
  for (const name of Object.keys({ ...SPANS, ...ATTRIBUTES })) {
    assert.equal(row(`| \`${name}\` |`), 1, name);
  }
  for (const name of Object.keys(METRICS) as (keyof typeof METRICS)[]) {
    assert.equal(row(`| \`${name}\` | \`${prometheusName(name)}\` |`), 1, name);
  }
});
