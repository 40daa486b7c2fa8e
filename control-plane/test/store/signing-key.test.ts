import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import type { Redis } from 'ioredis';
import { startCluster } from '../../src/cluster.ts';
import { SIGNING_KEY_KEY } from '../../src/store/names.ts';
import { connect, UnfitRedisError } from '../../src/store/redis.ts';
import { CannotOpen, SealedSecrets } from '../../src/store/sealed-secrets.ts';
import { SigningKey } from '../../src/store/signing-key.ts';

const [OLD, NEW] = ['an-old-sealing-key'.repeat(2), 'a-newer-sealing-key'.repeat(2)];

describe('the key that signs jobs', () => {
  let server: RedisServer;
  let redis: Redis;
  before(async () => {
    server = await RedisServer.start();
    redis = connect(server.url);
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(() => redis.flushall());

  const keyOf = (...keys: string[]) => new SigningKey(redis, new SealedSecrets(keys));

  it('is one of all control planes that start together, and stays', async () => {
    const keys = await Promise.all([1, 2, 3, 4].map(() => keyOf(OLD).publicKey()));
    assert.equal(new Set(keys).size, 1);
    assert.equal(await keyOf(OLD).publicKey(), keys[0]);
    assert.match((await redis.get(SIGNING_KEY_KEY)) ?? '', /^sealed:/);
  });

  it('is sealed with the first key, again when there is a newer one', async () => {
    const unsealed = await keyOf().publicKey();
    assert.doesNotMatch((await redis.get(SIGNING_KEY_KEY)) ?? '', /^sealed:/);
    for (const keys of [[OLD], [NEW, OLD], [NEW]]) {
      const before = await redis.get(SIGNING_KEY_KEY);
      assert.equal(await keyOf(...keys).publicKey(), unsealed, keys.join(' '));
      assert.equal(
        (await redis.get(SIGNING_KEY_KEY)) === before,
        keys.length === 1 && keys[0] === NEW,
      );
    }
  });

  it('that no key opens keeps a control plane from starting, with the reason', async () => {
    await keyOf(OLD).publicKey();
    await assert.rejects(keyOf(NEW).publicKey(), CannotOpen);
    const start = startCluster({ redisUrl: server.url, log: silentLog, sealingKeys: [NEW] });
    await assert.rejects(start, (error: Error) => {
      assert.ok(error instanceof UnfitRedisError);
      assert.match(
        error.message,
        /the key that signs jobs cannot be opened: .*OVERSOAK_SEALING_KEYS/,
      );
      return true;
    });
  });
});
