import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SETTINGS_PAGE, settingsMarkdown } from '../../src/docs/settings-markdown.ts';
import { SETTINGS, type Setting } from '../../src/index.ts';

test('docs/reference/settings.md is what is declared; "npm run docs" writes it', () => {
  assert.equal(readFileSync(SETTINGS_PAGE, 'utf8'), settingsMarkdown());
});

test('it has a row for every setting in the section of each program that reads it', () => {
  const rows = settingsMarkdown().split('\n');
  for (const [name, { readBy }] of Object.entries<Setting>(SETTINGS)) {
    const named = rows.filter((row) => row.startsWith(`| \`${name}\` `));
    assert.equal(named.length, readBy.length, name);
  }
});

test('secrets are marked', () => {
  for (const name of ['OVERSOAK_TOKEN', 'OVERSOAK_REDIS_URL', 'OVERSOAK_REDIS_PASSWORD']) {
    assert.match(settingsMarkdown(), new RegExp(`\\| \`${name}\` \\*secret\\* \\|`), name);
  }
});
