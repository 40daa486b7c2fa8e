import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import type { Redis } from 'ioredis';
import { sealStored } from '../../src/schedules/seal-stored.ts';
import { connect } from '../../src/store/redis.ts';
import { Schedules } from '../../src/store/schedules.ts';
import { CannotOpen, SealedSecrets } from '../../src/store/sealed-secrets.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const [OLD, NEW] = ['old'.repeat(12), 'new'.repeat(12)];

describe('a sealed secret', () => {
  it('is another text each time, and opens with its key for its owner alone', () => {
    const secrets = new SealedSecrets([OLD]);
    const sealed = secrets.seal(SECRET, 'nightly');
    assert.ok(!sealed.includes(SECRET.slice(6)));
    assert.notEqual(secrets.seal(SECRET, 'nightly'), sealed);
    assert.equal(secrets.seal(sealed, 'nightly'), sealed, 'it is sealed once');
    assert.equal(secrets.open(sealed, 'nightly'), SECRET);
    assert.throws(() => secrets.open(sealed, 'hourly'), CannotOpen);
    assert.throws(
      () => new SealedSecrets([NEW]).open(sealed, 'nightly'),
      /with the key [0-9a-f]{8}/,
    );
  });

  it('does not open when any character of it was changed', () => {
    const secrets = new SealedSecrets([OLD]);
    const sealed = secrets.seal(SECRET, 'nightly');
    const from = sealed.lastIndexOf(':') + 1;
    for (let at = from; at < sealed.length - 1; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
      assert.throws(() => secrets.open(changed, 'nightly'), CannotOpen, `${at}`);
    }
  });
});

describe('the stored secrets of webhooks', () => {
  let server: RedisServer;
  let redis: Redis;
  const lines: string[] = [];
  const note = (_: object, message: string) => void lines.push(message);
  const log = { debug: note, info: note, warn: note, error: note };
  before(async () => {
    server = await RedisServer.start();
    redis = connect(server.url);
  });
  afterEach(async () => {
    lines.length = 0;
    await redis.flushall();
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
  });

  const withKeys = (...keys: string[]) => {
    const secrets = new SealedSecrets(keys);
    return { secrets, schedules: new Schedules(redis, secrets) };
  };
  const schedule = {
    ...{ name: 'nightly', cron: '0 3 * * *', timeZone: 'UTC', enabled: true },
    ...{ overlap: 'skip' as const, confirmSuspects: false, spec: madeSpec() },
    ...{ createdAtMs: 1, updatedAtMs: 1 },
    webhook: { url: 'https://hooks.example/x', secret: SECRET, on: ['failed' as const] },
  };
  const lying = async () => JSON.stringify(await redis.hgetall('oversoak:schedule:nightly'));

  it('are sealed when they are stored, when a key is first given, and when it changes', async () => {
    const without = withKeys();
    await without.schedules.put(null, schedule, 'r1', 1);
    assert.ok((await lying()).includes(SECRET));
    await sealStored(without.schedules, without.secrets, log);
    assert.deepEqual(lines, ['webhook secrets lie in Redis unsealed: set OVERSOAK_SEALING_KEYS']);

    for (const keys of [[OLD], [NEW, OLD], [NEW]]) {
      const { schedules, secrets } = withKeys(...keys);
      await sealStored(schedules, secrets, log);
      assert.ok(!(await lying()).includes(SECRET.slice(6)));
      const stored = await schedules.get('nightly');
      assert.equal(stored?.revision, 'r1');
      assert.equal(secrets.open(stored?.schedule.webhook?.secret ?? '', 'nightly'), SECRET);
    }
    assert.equal(lines.length, 3, 'with the new key alone nothing is left to do');

    const { schedules, secrets } = withKeys(OLD);
    await sealStored(schedules, secrets, log);
    assert.equal(lines.at(-1), 'the secret of its webhook cannot be opened');
    const stored = await schedules.get('nightly');
    await schedules.put(stored, schedule, 'r2', null);
    assert.ok(!(await lying()).includes(SECRET.slice(6)));
  });
});
