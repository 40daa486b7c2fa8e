import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { writeText } from '../src/output/destination.ts';
import { plainTerminal } from './plain-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'oversoak-destination-'));
after(() => rmSync(folder, { recursive: true }));
const isLinux = process.platform === 'linux';

test('a file that has no room stays as it was', { skip: !isLinux && 'of Linux' }, () => {
  const file = join(folder, 'full.json');
  writeFileSync(file, 'earlier');
  const module = join(REPOSITORY, 'cli/dist/src/output/destination.js');
  const script = `import(${JSON.stringify(module)}).then(({ writeText }) =>
    writeText(${JSON.stringify(file)}, 'x'.repeat(1e5), {}))`;
  // In place of a full disk: no file may become larger than a few blocks.
  const words = ['-c', 'ulimit -f 8; exec "$0" --eval "$1"', process.execPath, script];
  const { status, stderr } = spawnSync('bash', words, { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /cannot write ".*full\.json": EFBIG/);
  assert.equal(readFileSync(file, 'utf8'), 'earlier');
  assert.deepEqual(readdirSync(folder), ['full.json'], 'nothing is left beside it');
});

test('a file keeps its mode, and a link its target', { skip: !isLinux && 'of Linux' }, async () => {
  const [file, link] = [join(folder, 'private.json'), join(folder, 'link.json')];
  writeFileSync(file, 'earlier', { mode: 0o600 });
  await writeText(file, 'new', plainTerminal());
  assert.equal(statSync(file).mode & 0o777, 0o600);
  symlinkSync(file, link);
  await writeText(link, 'newer', plainTerminal());
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readFileSync(file, 'utf8'), 'newer');
});
