import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { CERTIFICATE_FILES, ensureCertificates } from '../../src/certs/certificate-folder.ts';

const NOW_MS = Date.now();
const DAY_MS = 24 * 60 * 60 * 1000;
const HOSTS = ['localhost', '127.0.0.1', '10.0.0.5', 'redis'];

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'oversoak-certs-')), 'certs');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const read = (file: string) => readFile(join(folder, file), 'utf8');
const ensure = (more: object = {}) =>
  ensureCertificates(folder, { hosts: HOSTS, nowMs: NOW_MS, ...more });

/** The error of a TLS connection that trusts the authority and expects `servername`; null: none. */
async function handshake(servername: string): Promise<string | null> {
  const { authority, server } = CERTIFICATE_FILES;
  const [cert, key, ca] = await Promise.all([server.cert, server.key, authority.cert].map(read));
  const listening = createServer({ cert, key }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ca, servername });
  try {
    await once(socket, 'secureConnect');
    return null;
  } catch (error) {
    return String(error);
  } finally {
    socket.destroy();
    listening.close();
  }
}

test('a client that trusts the authority reaches the server by each of its names, and by no other', async () => {
  const held = await ensure();
  assert.deepEqual(held.made, [
    'the authority',
    'the certificate of Redis and the API (there was none)',
  ]);
  for (const host of ['localhost', 'redis']) assert.equal(await handshake(host), null, host);
  assert.equal(held.server.checkIP('10.0.0.5'), '10.0.0.5');
  assert.match((await handshake('elsewhere')) ?? '', /ERR_TLS_CERT_ALTNAME_INVALID|altnames/);
});

test('the key of the authority is readable by its owner alone, and the folder is too', async () => {
  await ensure();
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  assert.equal((await stat(join(folder, CERTIFICATE_FILES.authority.key))).mode & 0o777, 0o600);
});

test('what is there stays until it expires, names too little, or is to be renewed', async () => {
  await ensure();
  const before = await Promise.all([read('ca.pem'), read('server.pem')]);
  assert.deepEqual((await ensure()).made, []);
  assert.deepEqual(await Promise.all([read('ca.pem'), read('server.pem')]), before);

  const later = await ensure({ nowMs: NOW_MS + 380 * DAY_MS });
  assert.match(
    later.made.join(),
    /^the certificate of Redis and the API \(it expires in 1[67] days\)$/,
  );
  assert.equal(await read('ca.pem'), before[0]);
  const moved = await ensure({ nowMs: NOW_MS + 380 * DAY_MS, hosts: [...HOSTS, '10.0.0.6'] });
  assert.deepEqual(moved.made, [
    'the certificate of Redis and the API (it does not name 10.0.0.6)',
  ]);
  assert.match((await ensure({ renew: true })).made.join(), /as requested/);
});

test('a certificate of another authority is replaced', async () => {
  await ensure();
  await rm(join(folder, 'ca.pem'));
  const { made } = await ensure();
  assert.deepEqual(made, [
    'the authority',
    'the certificate of Redis and the API (another authority signed it)',
  ]);
  assert.equal(await handshake('localhost'), null);
});

test('a file that is no certificate is refused with its folder', async () => {
  await ensure();
  await writeFile(join(folder, 'server.pem'), 'rubbish');
  await assert.rejects(ensure(), /cannot keep certificates in .*certs: /);
});
