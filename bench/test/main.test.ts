import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { siblingModule } from '@oversoak/testing/repository';

const MAIN = fileURLToPath(siblingModule(import.meta.url, '../src/main'));

for (const [options, message] of [
  [['--rounds', 'few'], '--rounds takes numbers above 0, not "few"\n'],
  [['--rounds', '0'], '--rounds takes numbers above 0, not "0"\n'],
  [['--rounds', '3,4'], '--rounds takes one number, not "3,4"\n'],
] as const) {
  test(`a bench is not run with ${options.join(' ')}`, () => {
    const args = [...process.execArgv, MAIN, 'viewers', ...options];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.deepEqual({ status, stderr }, { status: 2, stderr: message });
  });
}
