import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  agentsAuthority,
  apiCertificate,
  isLoopback,
  type RedisSettings,
  readSettings,
  redisTransport,
  requireEncryptedApi,
  trusting,
} from '../../src/index.ts';

const PEM = '-----BEGIN CERTIFICATE-----';
const files: Record<string, string> = { ca: `${PEM} ca`, cert: `${PEM} cert`, key: `${PEM} key` };
function readText(path: string): string {
  const text = files[path];
  if (text === undefined) throw new Error(`ENOENT: ${path}`);
  return text;
}

const redis = (variables: Record<string, string>) =>
  redisTransport(readSettings('agent', variables) as RedisSettings, readText);
const api = (variables: Record<string, string>) => {
  const token = { OVERSOAK_TOKEN: 'a-token-of-thirty-two-characters' };
  return apiCertificate(readSettings('control-plane', { ...token, ...variables }), readText);
};
const SECURE = { OVERSOAK_REDIS_URL: 'rediss://:secret@10.0.0.5:6379' };

test('the authority for agents that join is a certificate', () => {
  const of = (path: string | undefined) =>
    agentsAuthority({ OVERSOAK_AGENTS_CA: path }, readText, undefined);
  assert.equal(of(undefined), undefined);
  assert.throws(
    () => of('ca'),
    /^SettingsError: OVERSOAK_AGENTS_CA must be a PEM file with a certificate/,
  );
  assert.throws(() => of('none'), /^SettingsError: OVERSOAK_AGENTS_CA must be a file that can be/);
});

test('an authority is trusted where TLS is used and no other is named', () => {
  assert.deepEqual(trusting({}, 'ca'), {});
  assert.deepEqual(trusting({ tls: {} }, undefined), { tls: {} });
  assert.deepEqual(trusting({ tls: { key: 'k' }, sentinelTLS: {} }, 'ca'), {
    tls: { ca: 'ca', key: 'k' },
    sentinelTLS: { ca: 'ca' },
  });
  assert.deepEqual(trusting({ tls: { ca: 'own' } }, 'ca'), { tls: { ca: 'own' } });
});

test('this machine is known by its addresses and by one name', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', '[::1]', 'localhost']) {
    assert.ok(isLoopback(host), host);
  }
  for (const host of ['10.0.0.5', '0.0.0.0', '::', 'redis', 'localhost.example', '128.0.0.1', '']) {
    assert.ok(!isLoopback(host), host);
  }
});

test('Redis on this machine needs no TLS; elsewhere it does, unless plain text is allowed by name', () => {
  assert.deepEqual(redis({}), {});
  const elsewhere = { OVERSOAK_REDIS_URL: 'redis://:secret@10.0.0.5:6379' };
  assert.throws(() => redis(elsewhere), {
    name: 'SettingsError',
    message:
      'OVERSOAK_REDIS_URL would reach 10.0.0.5 unencrypted: use a rediss:// URL, or allow it on a ' +
      'network that you trust with OVERSOAK_ALLOW_PLAINTEXT=redis',
  });
  assert.throws(() => redis({ ...elsewhere, OVERSOAK_ALLOW_PLAINTEXT: 'api' }), /unencrypted/);
  assert.deepEqual(redis({ ...elsewhere, OVERSOAK_ALLOW_PLAINTEXT: 'api, redis' }), {});
  assert.deepEqual(redis(SECURE), { tls: {} });
  assert.throws(
    () => redis({ OVERSOAK_ALLOW_PLAINTEXT: 'all' }),
    /OVERSOAK_ALLOW_PLAINTEXT must be some of redis, api, with commas, not "all"/,
  );
});

test('certificates are read, and a certificate has its key', () => {
  const all = { OVERSOAK_REDIS_CA: 'ca', OVERSOAK_REDIS_CERT: 'cert', OVERSOAK_REDIS_KEY: 'key' };
  assert.deepEqual(redis({ ...SECURE, ...all }), {
    tls: { ca: files.ca, cert: files.cert, key: files.key },
  });
  assert.throws(
    () => redis({ ...SECURE, OVERSOAK_REDIS_CERT: 'cert' }),
    /^SettingsError: OVERSOAK_REDIS_CERT is set, so OVERSOAK_REDIS_KEY must be set too$/,
  );
  assert.throws(
    () => redis({ ...SECURE, OVERSOAK_REDIS_KEY: 'key' }),
    /OVERSOAK_REDIS_KEY is set, so OVERSOAK_REDIS_CERT must be set too/,
  );
  assert.throws(
    () => redis({ OVERSOAK_REDIS_CA: 'ca' }),
    /OVERSOAK_REDIS_CA needs an OVERSOAK_REDIS_URL that begins with rediss:/,
  );
  assert.throws(
    () => redis({ ...SECURE, OVERSOAK_REDIS_CA: 'nowhere' }),
    /OVERSOAK_REDIS_CA must be a file that can be read: ENOENT: nowhere/,
  );
  files.text = 'no certificate';
  assert.throws(
    () => redis({ ...SECURE, OVERSOAK_REDIS_CA: 'text' }),
    /OVERSOAK_REDIS_CA must be a PEM file, and text is none/,
  );
});

test('with sentinels, the host of the URL is the name of the master', () => {
  const variables = {
    OVERSOAK_REDIS_URL: 'rediss://:a%20secret@mymaster/2',
    OVERSOAK_REDIS_SENTINELS: '10.0.0.1:26379, [fd00::1]:26380',
    OVERSOAK_REDIS_CA: 'ca',
  };
  const tls = { ca: files.ca };
  assert.deepEqual(redis(variables), {
    ...{ tls, sentinelTLS: tls, enableTLSForSentinelMode: true },
    sentinels: [
      { host: '10.0.0.1', port: 26_379 },
      { host: 'fd00::1', port: 26_380 },
    ],
    name: 'mymaster',
    sentinelPassword: 'a secret',
  });
  const own = { OVERSOAK_REDIS_SENTINEL_PASSWORD: 'a%20nother' };
  assert.equal(redis({ ...variables, ...own }).sentinelPassword, 'a%20nother');
  const joined = { OVERSOAK_REDIS_URL: 'redis://mymaster', OVERSOAK_REDIS_SENTINELS: '[::1]:1' };
  assert.equal(redis(joined).sentinelPassword, undefined);
  assert.equal(redis({ ...joined, ...own }).sentinelPassword, 'a%20nother');
  assert.throws(() => redis(own), {
    name: 'SettingsError',
    message: 'OVERSOAK_REDIS_SENTINEL_PASSWORD needs OVERSOAK_REDIS_SENTINELS',
  });
  // Where Redis is, is not known before a sentinel is asked: what counts is where they are.
  const plain = { OVERSOAK_REDIS_URL: 'redis://mymaster' };
  assert.throws(
    () => redis({ ...plain, OVERSOAK_REDIS_SENTINELS: '127.0.0.1:1,10.0.0.1:2' }),
    /would reach 127.0.0.1, 10.0.0.1 unencrypted/,
  );
  assert.equal(redis({ ...plain, OVERSOAK_REDIS_SENTINELS: 'localhost:1' }).name, 'mymaster');
  for (const bad of ['10.0.0.1', '10.0.0.1:0', 'a:70000', 'fd00::1:26379', ':1']) {
    assert.throws(
      () => redis({ ...plain, OVERSOAK_REDIS_SENTINELS: bad }),
      /OVERSOAK_REDIS_SENTINELS must be "host:port,host:port"/,
      bad,
    );
  }
});

test('the API beyond this machine is served with a certificate, or plain text is allowed by name', () => {
  assert.equal(api({}), undefined);
  assert.throws(
    () => api({ OVERSOAK_HOST: '0.0.0.0' }),
    /OVERSOAK_HOST 0.0.0.0 would serve the API unencrypted: set OVERSOAK_TLS_CERT and OVERSOAK_TLS_KEY, or allow it .*=api$/,
  );
  assert.equal(api({ OVERSOAK_HOST: '::', OVERSOAK_ALLOW_PLAINTEXT: 'api' }), undefined);
  assert.deepEqual(
    api({ OVERSOAK_HOST: '0.0.0.0', OVERSOAK_TLS_CERT: 'cert', OVERSOAK_TLS_KEY: 'key' }),
    { cert: files.cert, key: files.key },
  );
  assert.throws(
    () => api({ OVERSOAK_TLS_CERT: 'cert' }),
    /OVERSOAK_TLS_CERT is set, so OVERSOAK_TLS_KEY must be set too/,
  );
});

test('a token is not sent unencrypted beyond this machine', () => {
  requireEncryptedApi('http://127.0.0.1:7700', []);
  requireEncryptedApi('https://10.0.0.5:7700', []);
  requireEncryptedApi('http://10.0.0.5:7700', ['api']);
  assert.throws(
    () => requireEncryptedApi('http://10.0.0.5:7700', ['redis']),
    /http:\/\/10.0.0.5:7700 would be sent the token unencrypted: use an https:\/\/ URL, or allow it/,
  );
});
