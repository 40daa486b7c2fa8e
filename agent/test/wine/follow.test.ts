import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { follow } from '../../src/wine/follow.ts';

test('all appended text is forwarded, and the file stays small', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'oversoak-test-follow-'));
  const path = join(folder, 'log');
  const file = await open(path, 'a');
  const passed = new PassThrough();
  const all = text(passed);
  const end = follow(path, passed, 100);
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index} of twenty\n`);
  for (const line of lines) {
    const arrived = once(passed, 'data');
    await file.write(line);
    await arrived;
  }
  end();
  passed.end();
  assert.equal(await all, lines.join(''));
  assert.ok((await stat(path)).size < 100 + 20, 'cut, and written on from the start');
  await file.close();
  await rm(folder, { recursive: true });
});
