import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseEnv } from 'node:util';
import {
  completeSecrets,
  ensureSecrets,
  placeholders,
  randomSecret,
  SECRETS,
} from '../../src/stack/secrets.ts';

const folder = await mkdtemp(join(tmpdir(), 'oversoak-test-secrets-'));
after(() => rm(folder, { recursive: true }));

let count = 0;
const make = () => `made${count++}`;

test('all secrets are created if there is no file', () => {
  const { text, made } = completeSecrets('', {}, make);
  assert.deepEqual(made, [...SECRETS]);
  assert.deepEqual(Object.keys(parseEnv(text)).sort(), SECRETS.toSorted());
});

test('existing secrets are kept, and empty ones are filled in', () => {
  const before = [
    '# mine',
    'OVERSOAK_TOKEN=kept',
    "OVERSOAK_REDIS_PASSWORD=''",
    'OVERSOAK_GRAFANA_PASSWORD=',
    'OVERSOAK_SEALING_KEYS=kept,old',
    'OVERSOAK_BIND=0.0.0.0',
  ].join('\n');
  const { text, made } = completeSecrets(before, {}, () => 'new');
  assert.deepEqual(made, ['OVERSOAK_REDIS_PASSWORD', 'OVERSOAK_GRAFANA_PASSWORD']);
  const after = before
    .replace("PASSWORD=''", 'PASSWORD=new')
    .replace(/PASSWORD=$/m, 'PASSWORD=new');
  assert.equal(text, `${after}\n`);
  assert.deepEqual(completeSecrets(text, {}, make), { text, made: [] });
});

test('a secret in the environment is not created: Docker Compose uses that one', () => {
  const { made } = completeSecrets('', { OVERSOAK_TOKEN: 'exported' }, make);
  const others = SECRETS.filter((name) => name !== 'OVERSOAK_TOKEN');
  assert.deepEqual(made, others);
});

test('a token under its former name is kept under its current name', () => {
  const others =
    'OVERSOAK_REDIS_PASSWORD=x\nOVERSOAK_GRAFANA_PASSWORD=y\nOVERSOAK_SEALING_KEYS=z\n';
  assert.deepEqual(completeSecrets(`OVERSOAK_API_TOKEN=kept\n${others}`, {}, make), {
    text: `OVERSOAK_TOKEN=kept\n${others}`,
    made: [],
  });
  const both = `OVERSOAK_TOKEN=new\nOVERSOAK_API_TOKEN=old\n${others}`;
  assert.deepEqual(completeSecrets(both, {}, make), { text: both, made: [] });
});

test('a secret is long, random, and fits into a URL', () => {
  assert.match(randomSecret(), /^[0-9a-f]{48}$/);
  assert.notEqual(randomSecret(), randomSecret());
});

test('the file is readable only for its owner, and is created once', async () => {
  const file = join(folder, '.env');
  assert.deepEqual(await ensureSecrets(file, {}), [...SECRETS]);
  const text = await readFile(file, 'utf8');
  assert.deepEqual(await ensureSecrets(file, {}), []);
  assert.equal(await readFile(file, 'utf8'), text);
  // Windows knows no such modes.
  if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['.env'], 'nothing is left beside it');
});

test('a former name is replaced by the current one', async () => {
  const file = join(folder, 'former.env');
  const secrets = SECRETS.map((name) => `${name}=x\n`).join('');
  await writeFile(file, secrets.replace('OVERSOAK_TOKEN', 'OVERSOAK_API_TOKEN'));
  assert.deepEqual(await ensureSecrets(file, {}), []);
  assert.equal(await readFile(file, 'utf8'), secrets);
});

test('a file that others can read is restricted to its owner', async () => {
  const file = join(folder, 'open.env');
  await writeFile(file, SECRETS.map((name) => `${name}=x\n`).join(''), { mode: 0o644 });
  assert.deepEqual(await ensureSecrets(file, {}), []);
  if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test('an unwritable path is named', async () => {
  const file = join(folder, 'no-such-folder', '.env');
  await assert.rejects(ensureSecrets(file, {}), {
    name: 'CannotRun',
    message: new RegExp(`cannot keep secrets in ${file}: ENOENT`),
  });
});

test('commands that need no secret get placeholders for missing ones', () => {
  assert.deepEqual(placeholders({ OVERSOAK_TOKEN: 'x' }, 'OVERSOAK_REDIS_PASSWORD=y\n'), {
    OVERSOAK_GRAFANA_PASSWORD: 'not-set',
    OVERSOAK_SEALING_KEYS: 'not-set',
  });
});
