import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { runsProgram } from './runs-program.ts';

const oversoak = runsProgram('');

test('schema prints what editors read', async () => {
  const { code, out } = await oversoak(['schema']);
  assert.equal(code, 0);
  assert.equal(out, readFileSync(join(REPOSITORY, 'docs/reference/soak.schema.json'), 'utf8'));
  const schedule = JSON.parse((await oversoak(['schema', 'schedule'])).out);
  assert.equal(schedule.title, 'oversoak schedule');
});

test('each preset names the schema of its kind in its first line', () => {
  const folder = join(REPOSITORY, 'presets');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.yaml')) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    assert.ok(existsSync(join(dirname(join(folder, name)), schema)) && schema !== '', name);
    assert.equal(schema.includes('schedule'), /^cron:/m.test(text), name);
    assert.equal(schema.includes('protocol'), /^framing:/m.test(text), name);
  }
});
