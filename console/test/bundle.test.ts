import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { WEB_FOLDER } from '../src/index.ts';

const MAX_BYTES = 250_000;

const files = () =>
  readdirSync(WEB_FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

it(`the console is below ${MAX_BYTES} bytes, compressed`, () => {
  const bytes = files().reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
  assert.ok(bytes > 20_000, 'it was built');
  assert.ok(bytes < MAX_BYTES, `${bytes} bytes`);
});

it('the console asks for no eval, which its policy forbids', () => {
  const scripts = files().filter((file) => file.endsWith('.js'));
  assert.ok(scripts.length > 0);
  for (const file of scripts)
    assert.doesNotMatch(readFileSync(file, 'utf8'), /\beval\(|new Function\(/);
});
