import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { REPOSITORY } from '../src/repository.ts';

const MAX_FILES = 4;
const PLACEHOLDER = /[A-Z]{4,}/;

interface Recipe {
  what: string;
  files: string[];
}

/** The table below "## Recipes": files of its second column up to the first semicolon. */
function recipesOf(markdown: string): Recipe[] {
  const [, section = ''] = markdown.split('\n## Recipes\n');
  const [table = ''] = section.split('\n## ');
  const rows = table.split('\n').filter((line) => /^\| (?!---|to add)/.test(line));
  return rows.map((row) => {
    const [, what = '', files = ''] = row.split('|').map((cell) => cell.trim());
    const needed = files.split(';')[0] ?? '';
    return { what, files: [...needed.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file) };
  });
}

describe('a recipe of CONTRIBUTING.md', () => {
  const recipes = recipesOf(readFileSync(`${REPOSITORY}CONTRIBUTING.md`, 'utf8'));

  it('exists for each thing that is added often', () => {
    const wanted =
      'a command, a route, a panel, a notifier, a layout, a server error class, a probe';
    const there = new Set(recipes.map(({ what }) => what));
    for (const what of wanted.split(', ')) assert.ok(there.has(what), what);
    assert.ok(recipes.some(({ what }) => what.startsWith('a threshold')));
  });

  for (const { what, files } of recipes) {
    it(`needs few files, which exist: ${what}`, () => {
      assert.ok(files.length >= 1, 'it names its files');
      assert.ok(files.length <= MAX_FILES, files.join(', '));
      for (const file of files) {
        const path = PLACEHOLDER.test(file) ? dirname(file) : file;
        assert.ok(existsSync(REPOSITORY + path), `${file} is not there`);
      }
    });
  }
});
