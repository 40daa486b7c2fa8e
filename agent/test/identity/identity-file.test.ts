import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { AgentIdentity } from '@oversoak/contracts';
import { type Machine, readConfig } from '../../src/config.ts';
import { readIdentity, redisUrlOf, writeIdentity } from '../../src/identity/identity-file.ts';

const IDENTITY: AgentIdentity = {
  agentId: 'win-1',
  address: '10.0.0.7',
  labels: { rack: 'a' },
  targets: ['10.0.0.0/8:7000'],
  generation: 3,
  redis: { url: 'rediss://redis:6380/2', user: 'oversoak-agent-win-1.3', password: 'a-b_c' },
  jobKey: 'key',
};

describe('the file of an identity', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oversoak-identity-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('is for its owner alone, also its folder', async () => {
    const file = join(folder, 'new', 'identity.json');
    await writeIdentity(file, IDENTITY);
    assert.deepEqual(readIdentity(file), IDENTITY);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'new'))).mode & 0o777, 0o700);
    await writeIdentity(file, { ...IDENTITY, generation: 4 });
    assert.equal(readIdentity(file).generation, 4);
  });

  it('is refused when others can read it', async () => {
    const file = join(folder, 'open.json');
    await writeIdentity(file, IDENTITY);
    await chmod(file, 0o640);
    assert.throws(() => readIdentity(file), /open\.json can be read by others \(mode 640\)/);
  });

  it('is refused when it is none, without a word of its content', async () => {
    const file = join(folder, 'bad.json');
    await writeFile(file, '{"password": secret', { mode: 0o600 });
    assert.throws(
      () => readIdentity(file),
      /^IdentityError: the identity .*bad\.json is not JSON$/,
    );
    const { jobKey: _, ...rest } = JSON.parse(await readFile(join(folder, 'open.json'), 'utf8'));
    await writeFile(file, JSON.stringify(rest));
    assert.throws(() => readIdentity(file), /bad\.json is not one: \/jobKey is required/);
    assert.throws(() => readIdentity(join(folder, 'none')), /cannot be read: no such file/);
  });
});

describe('the configuration of an agent with an identity', () => {
  const unasked = () => assert.fail('the identity says the address');
  const machine: Machine = { hostname: 'host', addresses: unasked, tempDir: '/temp' };

  it('has what the identity says, and the rest from the environment', () => {
    const config = readConfig({ OVERSOAK_SLOTS: '2' }, machine, undefined, IDENTITY);
    assert.equal(config.redisUrl, 'rediss://oversoak-agent-win-1.3:a-b_c@redis:6380/2');
    assert.equal(config.redisUrl, redisUrlOf(IDENTITY));
    assert.equal(config.agentId, 'win-1');
    assert.equal(config.advertisedHost, '10.0.0.7');
    assert.deepEqual(config.labels, { rack: 'a' });
    assert.deepEqual(config.targets, ['10.0.0.0/8:7000']);
    assert.equal(config.slots, 2);
  });

  it('trusts the authority of the identity, unless a variable names one', () => {
    const ca = '-----BEGIN CERTIFICATE----- of the identity';
    const url = 'https://10.0.0.5:7700/v1/otlp/';
    const telemetry = { url, token: 'ost_win-1_x', signals: ['traces' as const] };
    const joined = { ...IDENTITY, ca, telemetry };
    const config = readConfig({}, machine, undefined, joined);
    assert.deepEqual(config.redisTransport, { tls: { ca } });
    assert.deepEqual(config.receiver, { ...telemetry, ca });
    const own = '-----BEGIN CERTIFICATE----- of the variable';
    const named = readConfig({ OVERSOAK_REDIS_CA: 'file' }, machine, () => own, joined);
    assert.deepEqual([named.redisTransport?.tls?.ca, named.receiver?.ca], [own, own]);
    const local = { ...joined, redis: { ...IDENTITY.redis, url: 'redis://127.0.0.1:6379' } };
    const plain = readConfig({}, machine, undefined, local);
    assert.deepEqual([plain.redisTransport, plain.receiver?.ca], [{}, ca]);
  });

  it('is refused when a variable says it as well', () => {
    const env = { OVERSOAK_TARGETS: '10.0.0.0/8', OVERSOAK_REDIS_URL: 'redis://127.0.0.1' };
    assert.throws(
      () => readConfig(env, machine, undefined, IDENTITY),
      /what OVERSOAK_REDIS_URL, OVERSOAK_TARGETS would say: unset it/,
    );
  });
});
