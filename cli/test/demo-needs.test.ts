// What the set-up of `npm run demo` asks: whether that demo needs Wine.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { REPOSITORY, siblingModule } from '@oversoak/testing/repository';

const SCRIPT = fileURLToPath(siblingModule(import.meta.url, '../src/demo-needs'));
const preset = (name: string) => join(REPOSITORY, 'presets', `${name}.yaml`);

const needs = (...args: string[]) => {
  const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, SCRIPT, ...args], {
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  return stdout.trim();
};
const skip = process.platform === 'win32' && 'Windows needs no Wine';

test('a demo of Windows servers needs Wine, the default one too', { skip }, () => {
  assert.equal(needs(), 'wine');
  assert.equal(needs('--quick'), 'wine');
  assert.equal(needs(preset('windows-from-linux'), '--quick'), 'wine');
  assert.equal(needs('-'), 'wine', 'the standard input is read by the demo alone');
});

test('a demo of Linux servers needs none, wherever the file stands', { skip }, () => {
  assert.equal(needs(preset('linux'), '--quick'), 'native');
  assert.equal(needs('--json', 'out.json', preset('linux')), 'native');
});

test('what the demo refuses before it starts anything needs nothing', { skip }, () => {
  assert.deepEqual(
    [needs('--help'), needs('--what'), needs('no-such-file.yaml')],
    ['native', 'native', 'native'],
  );
});
