import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { soakPresets } from '../../src/models/soak-presets.ts';

const folder = `${REPOSITORY}presets/`;
const texts = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [`../../presets/${name}`, readFileSync(folder + name, 'utf8')]),
);

test('the presets of the console are the soaks among those of the repository', () => {
  const presets = soakPresets(texts);
  const names = presets.map(({ name }) => name);
  assert.ok(names.includes('demo') && !names.includes('nightly'), names.join());
  for (const { name, yaml } of presets) assert.match(yaml, /^matrix:/m, name);
});
