import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { fakeApi, TOKEN } from '@oversoak/testing/api/fake-api';
import { run, soak } from '@oversoak/testing/builders/soaks';
import { runProgram } from '../src/program.ts';
import { readConfig } from '../src/shell/config.ts';
import { EXIT } from '../src/shell/exit-code.ts';
import { Interrupts } from '../src/shell/interrupts.ts';
import { plainTerminal } from './plain-terminal.ts';

const before = '{"kind":"soak"}\n{"kind":"run"}\n';
const sha256 = createHash('sha256').update(before).digest('hex');
const whole = `${before}${JSON.stringify({ kind: 'end', sha256 })}\n`;
const type = 'application/x-ndjson';

const api = await fakeApi({
  'GET /v1/soaks/soak-1/export': () => ({ text: whole, type }),
  'GET /v1/soaks/soak-cut/export': () => ({ text: before, type }),
  'GET /v1/soaks/soak-damaged/export': () => ({ text: whole.replace('run', 'ruin'), type }),
  'GET /v1/soaks/soak-open/export': () => ({
    status: 409,
    json: { title: 'Conflict', detail: 'soak "soak-open" is not done' },
  }),
  'POST /v1/soaks/import': ({ body }) => ({
    status: body === whole ? 201 : 200,
    json: soak([run('run-1', 'done')], { soakId: 'soak-1', state: 'done', verdict: 'passed' }),
  }),
});
const folder = await mkdtemp(join(tmpdir(), 'oversoak-cli-'));
after(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  for (const name of await readdir(folder)) await rm(join(folder, name));
});

async function oversoak(...argv: string[]) {
  const terminal = plainTerminal();
  const config = readConfig({ OVERSOAK_URL: api.url, OVERSOAK_TOKEN: TOKEN });
  const context = { config, terminal, interrupts: new Interrupts(), exitCode: EXIT.noVerdict };
  const code = await runProgram(context, argv);
  return { code, out: terminal.text(), err: terminal.errors() };
}

test('export saves a soak, compressed if the name says so, and leaves no other file', async () => {
  const packed = join(folder, 'soak.ndjson.gz');
  const { code, out } = await oversoak('export', 'soak-1', '--out', packed);
  assert.deepEqual([code, out], [0, `Saved soak-1 as ${packed}.\n`]);
  assert.equal(gunzipSync(await readFile(packed)).toString(), whole);
  const plain = join(folder, 'soak.ndjson');
  assert.equal((await oversoak('export', 'soak-1', '--out', plain)).code, 0);
  assert.equal(await readFile(plain, 'utf8'), whole);
  assert.deepEqual(await readdir(folder), ['soak.ndjson', 'soak.ndjson.gz']);
});

test('export writes to what is no file, and to the standard output, and replaces neither', async () => {
  const [target, link] = [join(folder, 'target.ndjson'), join(folder, 'link.ndjson')];
  await writeFile(target, 'older');
  await symlink(target, link);
  assert.equal((await oversoak('export', 'soak-1', '--out', link, '--force')).code, 0);
  assert.ok((await lstat(link)).isSymbolicLink());
  assert.equal(await readFile(target, 'utf8'), whole);
  const { code, out, err } = await oversoak('export', 'soak-1', '--out', '-');
  assert.deepEqual([code, out, err], [0, whole, 'Saved soak-1 as -.\n']);
  assert.deepEqual(await readdir(folder), ['link.ndjson', 'target.ndjson']);
});

test('export overwrites a file only with the option', async () => {
  const file = join(folder, 'soak.ndjson');
  await writeFile(file, 'mine');
  const refused = await oversoak('export', 'soak-1', '--out', file);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /already exists; use --force to overwrite it/);
  assert.equal(await readFile(file, 'utf8'), 'mine');
  assert.equal((await oversoak('export', 'soak-1', '--out', file, '--force')).code, 0);
  assert.equal(await readFile(file, 'utf8'), whole);
});

for (const [soakId, reason] of [
  ['soak-cut', /is incomplete/],
  ['soak-damaged', /is incomplete/],
  ['soak-open', /is not done/],
] as const) {
  test(`export of ${soakId} leaves no file, and does not overwrite one`, async () => {
    const file = join(folder, 'soak.ndjson.gz');
    const { code, err } = await oversoak('export', soakId, '--out', file);
    assert.equal(code, 2);
    assert.match(err, reason);
    assert.deepEqual(await readdir(folder), []);
    await writeFile(file, 'mine');
    assert.equal((await oversoak('export', soakId, '--out', file, '--force')).code, 2);
    assert.equal(await readFile(file, 'utf8'), 'mine');
    assert.deepEqual(await readdir(folder), ['soak.ndjson.gz']);
  });
}

test('import sends the file unchanged and reports the outcome', async () => {
  const file = join(folder, 'soak.ndjson');
  await writeFile(file, whole);
  const first = await oversoak('import', file);
  assert.deepEqual([first.code, first.out], [0, 'Imported soak-1: 1 run, passed.\n']);
  assert.equal(api.seen.at(-1)?.headers['content-type'], type);
  await writeFile(file, 'the same again');
  const second = await oversoak('import', file);
  assert.equal(second.out, 'Already stored: soak-1: 1 run, passed.\n');
});

test('import refuses an unreadable file', async () => {
  for (const file of [folder, join(folder, 'none')]) {
    const { code, err } = await oversoak('import', file);
    assert.equal(code, 2);
    assert.match(err, /cannot read/);
  }
});

test('import names what a file is that is no export, and sends nothing', async () => {
  const file = join(folder, 'other');
  const sent = api.seen.length;
  for (const [text, expected] of [
    [
      'name: a\nmatrix: { sessions: [1] }\n',
      /is a soak, not an exported soak: "oversoak submit FILE"/,
    ],
    ['{ "cron": "0 2 * * *" }', /is a schedule, not an exported soak: "oversoak schedules put/],
    [
      'framing: { delimiter: "\\n" }',
      /is the description of a protocol, .*"oversoak protocol check/,
    ],
    [
      JSON.stringify({ soakId: 'soak-1', spec: {}, cells: [] }, null, 2),
      /is a result .*--json wrote/,
    ],
    ['\n<!DOCTYPE html>\n<p>', /is a report, .*a browser opens it; "oversoak export SOAK"/],
    ['<?xml version="1.0"?>', /is XML, as --junit writes it/],
  ] as const) {
    await writeFile(file, text);
    const { code, err } = await oversoak('import', file);
    assert.equal(code, 2);
    assert.match(err, expected);
  }
  assert.equal(api.seen.length, sent);
  for (const text of [
    '{"kind":"soak","format":"oversoak","soakId":"soak-1","spec":{}}\n{"kind":"run"}\n',
    gzipSync('name: a\nmatrix: {}\n'),
    'text',
    '',
  ]) {
    await writeFile(file, text);
    assert.equal((await oversoak('import', file)).code, 0);
  }
});
