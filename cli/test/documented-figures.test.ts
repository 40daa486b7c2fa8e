// The documentation's table of figures against the catalogue of the contracts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FIGURES, JUDGED_FIGURES } from '@oversoak/contracts';
import { REPOSITORY } from '@oversoak/testing/repository';

const page = readFileSync(`${REPOSITORY}docs/reference/predictions.md`, 'utf8');

/** `a.b.c` `.d` → a.b.c, a.b.d */
function expanded(cell: string): string[] {
  let before = '';
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => {
    if (!name.startsWith('.')) before = name.slice(0, name.lastIndexOf('.'));
    return name.startsWith('.') ? before + name : name;
  });
}

test('the table of figures for predictions matches the catalogue', () => {
  const section = page.slice(page.indexOf('| figure | unit |')).split('\n\n')[0] ?? '';
  const rows = section.split('\n').slice(2);
  const named = rows.flatMap((row) => expanded(row.split('|')[1] ?? ''));
  const foreseen = Object.keys(FIGURES).filter((name) => !Object.hasOwn(JUDGED_FIGURES, name));
  assert.deepEqual(named.sort(), foreseen.sort());
});
