// What a Redis that refuses writes, and its errors, can make a control plane do and say.
import assert from 'node:assert/strict';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { until } from '@oversoak/testing/waiting/until';
import type { Redis } from 'ioredis';
import { REDIS_USER } from 'oversoak/cluster/redis';
import { AttackedPlane, MEMORY_MIB } from './attacked-plane.ts';

const PASSWORD = 'the-password-of-redis';
const SECRET = `whsec_${Buffer.alloc(32, 'webhook').toString('base64')}`;

interface Refusal {
  code: string;
  refuse(redis: Redis): Promise<unknown>;
  accept(redis: Redis): Promise<unknown>;
}

const folderOf = async (redis: Redis) => {
  const [, folder = ''] = (await redis.config('GET', 'dir')) as string[];
  return join(folder, 'dump.rdb');
};

const REFUSALS: Refusal[] = [
  {
    code: 'READONLY',
    refuse: (redis) => redis.replicaof('127.0.0.1', 1),
    accept: (redis) => redis.replicaof('NO', 'ONE'),
  },
  {
    code: 'OOM',
    refuse: (redis) => redis.config('SET', 'maxmemory', '1'),
    accept: (redis) => redis.config('SET', 'maxmemory', '0'),
  },
  {
    code: 'MISCONF',
    // A folder where the snapshot would be: each one fails.
    refuse: async (redis) => {
      await mkdir(await folderOf(redis));
      await redis.config('SET', 'save', '3600 1');
      await redis.bgsave().catch(() => undefined);
      await until('a snapshot failed', async () =>
        /rdb_last_bgsave_status:err/.test(await redis.info('persistence')),
      );
    },
    accept: async (redis) => {
      await redis.config('SET', 'save', '');
      await rmdir(await folderOf(redis));
    },
  },
  {
    code: 'NOPERM',
    refuse: (redis) => redis.acl('SETUSER', REDIS_USER, '-@write'),
    accept: (redis) => redis.acl('SETUSER', REDIS_USER, '+@all'),
  },
];

describe('a Redis that refuses writes', () => {
  let plane: AttackedPlane;
  before(async () => {
    plane = await AttackedPlane.start({ password: PASSWORD });
  });
  after(() => plane.stop());

  const put = () =>
    plane.call('/v1/schedules/nightly', {
      method: 'PUT',
      body: {
        ...{ cron: '0 3 * * *', timeZone: 'UTC', spec: submittedSpec() },
        webhook: { url: 'https://hooks.example/x', secret: SECRET },
      },
    });

  for (const { code, refuse, accept } of REFUSALS) {
    it(`by ${code}: changes are refused, nothing loops, and it is not ready`, async () => {
      await refuse(plane.redis);
      await put();
      await until('it is not ready', async () => (await plane.call('/readyz')).status === 503);
      const refused = await put();
      assert.equal(refused.status, 503);
      assert.match(String(refused.headers['content-type']), /^application\/problem\+json/);
      assert.match(refused.text, new RegExp(code));
      const [written, used] = [(await plane.log()).length, await plane.cpuSeconds()];
      await delay(3000);
      const more = (await plane.log()).length - written;
      assert.ok(more < 3000, `${more} bytes of log in 3 s`);
      const seconds = (await plane.cpuSeconds()) - used;
      assert.ok(seconds < 1.5, `${seconds} s of a processor in 3 s`);
      await accept(plane.redis);
      await until('it is ready', async () => (await plane.call('/readyz')).status === 200);
      assert.ok((await put()).status < 300);
      assert.ok((await plane.peakMiB()) < MEMORY_MIB / 2);
    });

    it(`by ${code} at the start: the control plane ends, with the reason`, async () => {
      await plane.down();
      await refuse(plane.redis);
      await assert.rejects(plane.up(), (error) => {
        assert.match(String(error), /ended with exit code 1/);
        assert.match(String(error), new RegExp(code));
        return true;
      });
      await accept(plane.redis);
      await plane.up();
    });
  }

  it('leaves no secret in the log: no password, no secret of a webhook', async () => {
    await plane.down();
    // ioredis sends it, and has it among the arguments of the error.
    const wrong = plane.redisUrl.replace(PASSWORD, `${PASSWORD}-wrong`);
    await assert.rejects(plane.up({ OVERSOAK_REDIS_URL: wrong, OVERSOAK_LOG_LEVEL: 'trace' }));
    const log = await plane.log();
    assert.match(log, /WRONGPASS|NOAUTH|invalid username-password/);
    assert.ok(!log.includes(PASSWORD), 'the password is in the log');
    assert.ok(!log.includes(SECRET.slice('whsec_'.length)), 'the secret is in the log');
  });
});
