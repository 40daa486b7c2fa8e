import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { openApiDocument } from '../src/openapi-document.ts';

test('the OpenAPI document in docs/ is the one that is served; "npm run docs" writes it', async () => {
  const file = readFileSync(join(REPOSITORY, 'docs', 'reference', 'openapi.json'), 'utf8');
  const served = `${JSON.stringify(await openApiDocument(), null, 2)}\n`;
  // Not "equal": that prints both, a megabyte.
  assert.ok(file === served, 'docs/reference/openapi.json is not what is served: npm run docs');
});
