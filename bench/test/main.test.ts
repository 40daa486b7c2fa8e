import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { siblingModule } from '@oversoak/testing/repository';

const MAIN = fileURLToPath(siblingModule(import.meta.url, '../src/main'));

for (const [options, message] of [
  [['viewers', '--rounds', 'few'], '--rounds takes numbers above 0, not "few"\n'],
  [['viewers', '--rounds', '0'], '--rounds takes numbers above 0, not "0"\n'],
  [['viewers', '--rounds', '3,4'], '--rounds takes one number, not "3,4"\n'],
  [['cluster', '--agents', '8'], '--agents takes numbers from 9, not "8"\n'],
  [['cluster', '--growth', '4,200'], '--growth takes numbers from 9, not "4,200"\n'],
] as const) {
  test(`a bench is not run with ${options.join(' ')}`, () => {
    const args = [...process.execArgv, MAIN, ...options];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.deepEqual({ status, stderr }, { status: 2, stderr: message });
  });
}
