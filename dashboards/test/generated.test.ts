import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { generatedFiles } from '../src/files.ts';

/** From dist/test. */
const files = generatedFiles();

test('the committed files are up to date: run "npm run dashboards"', () => {
  for (const [path, text] of files) {
    // git may have given the file the line ends of Windows.
    const committed = readFileSync(join(REPOSITORY, path), 'utf8').replaceAll('\r\n', '\n');
    assert.equal(committed, text, path);
  }
});

test('no file of a removed dashboard remains', () => {
  const folder = 'dashboards/json';
  const made = [...files.keys()].filter((path) => path.startsWith(folder));
  assert.deepEqual(
    readdirSync(join(REPOSITORY, folder)).sort(),
    made.map((path) => path.slice(folder.length + 1)).sort(),
  );
});

test('the output is deterministic', () => {
  assert.deepEqual(generatedFiles(), files);
});
