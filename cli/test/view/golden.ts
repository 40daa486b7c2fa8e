import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { REPOSITORY } from '@oversoak/testing/repository';

/** Holds a text against a file of `golden/`, or with `--update` writes it there. */
export function assertGolden(name: string, text: string): void {
  // The source folder: goldens are not compiled.
  const file = `${REPOSITORY}cli/test/view/golden/${name}`;
  if (process.argv.includes('--update')) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}
