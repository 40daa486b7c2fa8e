import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { CannotRun } from '../../src/shell/failure.ts';
import { readSpec, readSpecText } from '../../src/spec/read-spec.ts';

const folder = await mkdtemp(join(tmpdir(), 'oversoak-spec-'));
after(() => rm(folder, { recursive: true }));

async function file(name: string, text: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

const refused = (message: RegExp) => (error: unknown) =>
  error instanceof CannotRun && message.test(error.message);

test('a spec is read as YAML, and JSON is YAML', async () => {
  assert.deepEqual(await readSpec(await file('a.yaml', 'name: a\nrepeats: 2\n')), {
    name: 'a',
    repeats: 2,
  });
  assert.deepEqual(await readSpec(await file('a.json', '{"name": "a"}')), { name: 'a' });
});

test('a file that is missing, a folder, no YAML, or no mapping is refused', async () => {
  await assert.rejects(readSpec(join(folder, 'none.yaml')), refused(/cannot read.*no such file/));
  await assert.rejects(readSpec(folder), refused(/it is a folder/));
  const broken = await file('broken.yaml', 'name: [a\nrepeats: 2\n');
  await assert.rejects(readSpec(broken), refused(/not valid YAML.*line 2/s));
  const alias = await file('alias.yaml', 'name: a\nmatrix: *nobody\n');
  await assert.rejects(readSpec(alias), refused(/not valid YAML.*line 2.*nobody/s));
  await assert.rejects(readSpec(await file('list.yaml', '- a\n')), refused(/not a soak/));
  await assert.rejects(readSpec(await file('empty.yaml', '')), refused(/not a soak/));
  const huge = await file('huge.yaml', `a: ${'x'.repeat(1_100_000)}`);
  await assert.rejects(readSpec(huge), refused(/has more than 262144 bytes/));
});

test('what is not UTF-8 is refused with its place, from a file and from the standard input', async () => {
  const latin1 = Buffer.from('repeats: 2\nname: caf\u00e9\n', 'latin1');
  const place = /line 2: byte 0xE9 at offset 20 is not UTF-8; save the text as UTF-8$/;
  for (const name of ['latin1.yaml', 'latin1.json']) {
    await assert.rejects(readSpec(await file(name, latin1)), refused(place));
  }
  const stdin = () => Readable.from([latin1]);
  await assert.rejects(
    readSpecText('-', stdin),
    refused(/^cannot read the standard input: line 2:/),
  );
});

test('the extension decides the content type', async () => {
  const text = 'name: a\n';
  assert.deepEqual(await readSpecText(await file('b.yaml', text)), {
    text,
    contentType: 'application/yaml',
  });
  assert.equal((await readSpecText(await file('b.JSON', '{}'))).contentType, 'application/json');
});

test('a spec comes from the standard input and from a pipe', async () => {
  const stdin = () => Readable.from(['name: ', 'piped\n']);
  assert.deepEqual(await readSpecText('-', stdin), {
    text: 'name: piped\n',
    contentType: 'application/yaml',
  });
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const [read] = await Promise.all([readSpecText(pipe), writeFile(pipe, 'name: fifo\n')]);
  assert.equal(read.text, 'name: fifo\n');
  const endless = () => Readable.from(endlessly());
  await assert.rejects(readSpecText('-', endless), /the standard input has more than 262144 bytes/);
});

function* endlessly() {
  for (;;) yield 'x'.repeat(65_536);
}
