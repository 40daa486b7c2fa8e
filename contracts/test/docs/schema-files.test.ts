import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { schemaFiles } from '../../src/docs/schema-files.ts';
import { fileSchema, type WrittenFile } from '../../src/index.ts';

const minimal = {
  name: 'hello',
  matrix: { notifier: ['iocp'], sessions: [100] },
  workload: { ratePerSecond: 300 },
  phases: { measureSeconds: 20 },
};
const takes = (file: WrittenFile, value: unknown) =>
  Value.Check(fileSchema(file) as unknown as TSchema, value);

test('the schema takes a spec as it is written, without what has a default', () => {
  assert.equal(takes('soak', minimal), true);
  const { phases: _, ...without } = minimal;
  assert.equal(takes('soak', without), false, 'phases have no default');
  assert.equal(takes('soak', { ...minimal, repeat: 2 }), false, 'unknown field');
  const schedule = { cron: '0 2 * * *', timeZone: 'Asia/Seoul', spec: minimal };
  assert.equal(takes('schedule', schedule), true);
});

test('the files that editors read are those schemas; "npm run docs" writes them', () => {
  for (const [file, text] of schemaFiles()) assert.equal(readFileSync(file, 'utf8'), text);
});
