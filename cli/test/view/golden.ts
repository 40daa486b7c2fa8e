import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Holds a text against a file of `golden/`, or with `--update` writes it there. */
export function assertGolden(name: string, text: string): void {
  // The source folder: goldens are not compiled.
  const file = fileURLToPath(new URL(`../../../test/view/golden/${name}`, import.meta.url));
  if (process.argv.includes('--update')) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}
