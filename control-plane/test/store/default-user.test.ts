import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Redis } from 'ioredis';
import { startCluster } from '../../src/cluster.ts';
import { replayProblem } from '../../src/store/default-user.ts';
import { UnfitRedisError } from '../../src/store/redis.ts';

const OVERSOAK = ['--user', 'oversoak', 'on', '>pw', '~*', '&*', '+@all'];
/** Redis makes a transaction of what a script writes in several steps. */
const TWO_WRITES = "redis.call('set', KEYS[1], '1') redis.call('set', KEYS[1], '2')";
const MENDED = ['off', '~*', '&*', '+@all'];

/** A Redis with an append-only file whose user `default` has these rules. */
async function withDefault(t: TestContext, appendOnly: string, ...rules: string[]) {
  const words = ['--user', 'default', ...rules, ...OVERSOAK];
  const file = ['--appendonly', appendOnly, '--appendfsync', 'always'];
  const server = await RedisServer.start(...file, ...words);
  t.after(() => server.stop());
  return server;
}

/** As the user of a control plane. */
const urlOf = ({ url }: RedisServer) => url.replace('redis://', 'redis://oversoak:pw@');

async function connected(t: TestContext, server: RedisServer): Promise<Redis> {
  const redis = new Redis(urlOf(server), { maxRetriesPerRequest: null });
  t.after(() => redis.disconnect());
  return redis;
}

/** A control plane starts on it, and ends. */
async function starts(server: RedisServer): Promise<void> {
  const cluster = await startCluster({ redisUrl: urlOf(server), log: silentLog });
  await cluster.close();
}

describe('the user "default" of Redis', () => {
  it('must have its rights where there is an append-only file: Redis loses data without', async (t) => {
    const server = await withDefault(t, 'yes', 'off');
    const redis = await connected(t, server);
    // What is refused, and why: the file has both, and only one comes back.
    await redis.set('plain', '1');
    await redis.eval(TWO_WRITES, 1, 'by-a-script');
    await server.down();
    await server.up();
    assert.deepEqual(await redis.keys('*'), ['plain']);
    await assert.rejects(
      startCluster({ redisUrl: urlOf(server), log: silentLog }),
      (error: unknown) => {
        assert.ok(error instanceof UnfitRedisError);
        assert.match(error.message, /lose data at its next restart.*"default".*ACL SETUSER/);
        return true;
      },
    );

    // As the reason says, and nobody is let in by it.
    await redis.acl('SETUSER', 'default', '~*', '&*', '+@all');
    await starts(server);
    const anybody = new Redis(server.url, { retryStrategy: () => null });
    anybody.on('error', () => undefined);
    t.after(() => anybody.disconnect());
    await assert.rejects(anybody.get('plain'), /NOAUTH/);
  });

  it('may be off with its rights, and loses nothing then', async (t) => {
    const server = await withDefault(t, 'yes', ...MENDED);
    const redis = await connected(t, server);
    await redis.eval(TWO_WRITES, 1, 'by-a-script');
    await server.down();
    await server.up();
    assert.deepEqual(await redis.keys('*'), ['by-a-script']);
    await starts(server);
  });

  it('may be without rights where there is no such file', async (t) => {
    await starts(await withDefault(t, 'no', 'off'));
  });

  it('is not asked for where the user of the control plane may not', async (t) => {
    const server = await withDefault(t, 'yes', 'off');
    const redis = await connected(t, server);
    await redis.acl('SETUSER', 'oversoak', '-acl');
    await starts(server);
  });
});

describe('the rights with which an append-only file is read', () => {
  const ALL = { commands: '+@all', keys: '~*' };

  it('are those to all keys and all commands, but for what no transaction of oversoak has', () => {
    for (const user of [
      ALL,
      { ...ALL, keys: ['*'] },
      { ...ALL, keys: '~* ~more:*' },
      { ...ALL, commands: '+@all -@dangerous -@admin' },
      { ...ALL, commands: '+@all -@dangerous +keys' },
    ]) {
      assert.equal(replayProblem(user), null, JSON.stringify(user));
    }
  });

  it('do not suffice when anything may be missing', () => {
    for (const user of [
      { ...ALL, keys: '' },
      { ...ALL, keys: [] },
      { ...ALL, keys: '~oversoak-bull:*' },
      { ...ALL, keys: '%R~*' },
      { ...ALL, commands: '-@all' },
      { ...ALL, commands: '-@all +set' },
      { ...ALL, commands: '+@all -@write' },
      { ...ALL, commands: '+@all -@dangerous -hset' },
    ]) {
      assert.match(replayProblem(user) ?? '', /"default"/, JSON.stringify(user));
    }
  });
});
