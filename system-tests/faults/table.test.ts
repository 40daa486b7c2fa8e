import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { failureTable } from './table.ts';

const DOCUMENT = `${REPOSITORY}docs/failures.md`;

test('docs/failures.md shows the cases that the suite runs', async () => {
  const document = await readFile(DOCUMENT, 'utf8');
  const shown = document.split('\n').filter((line) => line.startsWith('| '));
  assert.equal(shown.join('\n'), failureTable());
});
