import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '../src/repository.ts';

const MAX_LINES = 400;
const SOURCE = /\.(?:ts|tsx|mjs|cc|h|lua|css|sh|ps1)$/;
/** Made by the build, or not ours. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'build']);
/** Generated, and held by a test of its own. */
const GENERATED = new Set([join('client', 'src', 'schema.ts')]);

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(REPOSITORY, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return SOURCE.test(entry.name) ? [path] : [];
    const isOurs = entry.isDirectory() && !entry.name.startsWith('.') && !LEFT_OUT.has(entry.name);
    return isOurs ? sourcesBelow(path) : [];
  });
}

const linesOf = (file: string) =>
  readFileSync(join(REPOSITORY, file), 'utf8').split('\n').length - 1;

test(`no source has more than ${MAX_LINES} lines`, () => {
  const files = sourcesBelow('');
  assert.ok(files.length > 500, `${files.length} sources`);
  assert.deepEqual(
    files.filter((file) => !GENERATED.has(file) && linesOf(file) > MAX_LINES),
    [],
  );
});
