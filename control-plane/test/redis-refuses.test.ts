import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import type { FastifyInstance } from 'fastify';
import { Redis } from 'ioredis';
import { assemble, emptyApp } from '../src/app.ts';
import { startCluster } from '../src/cluster.ts';
import { writeRefusal } from '../src/model/write-refusal.ts';
import type { Cluster } from '../src/routes/cluster.ts';

const TOKEN = 'a-token-of-the-tests-32-characters';
const authorization = `Bearer ${TOKEN}`;

/** Ways to make a Redis that can be reached refuse writes, and back. */
const REFUSALS = [
  {
    name: 'has used up its maxmemory',
    code: 'OOM',
    refuse: (redis: Redis) => redis.config('SET', 'maxmemory', '1'),
    accept: (redis: Redis) => redis.config('SET', 'maxmemory', '0'),
  },
  {
    name: 'has become a replica',
    code: 'READONLY',
    refuse: (redis: Redis) => redis.replicaof('127.0.0.1', 1),
    accept: (redis: Redis) => redis.replicaof('NO', 'ONE'),
  },
  {
    name: 'takes the right to write away',
    code: 'NOPERM',
    refuse: (redis: Redis) => redis.acl('SETUSER', 'default', '-@write'),
    accept: (redis: Redis) => redis.acl('SETUSER', 'default', '+@all'),
  },
] as const;

describe('a Redis that refuses writes', () => {
  let server: RedisServer;
  let redis: Redis;
  let cluster: Cluster;
  let app: FastifyInstance;
  const lines: { level: string; message: string }[] = [];
  const log = {
    debug: (_: object, message: string) => void lines.push({ level: 'debug', message }),
    info: (_: object, message: string) => void lines.push({ level: 'info', message }),
    warn: (_: object, message: string) => void lines.push({ level: 'warn', message }),
    error: (_: object, message: string) => void lines.push({ level: 'error', message }),
  };

  before(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    cluster = await startCluster({ redisUrl: server.url, log, watchEveryMs: 50 });
    const options = { cluster, token: TOKEN, rateLimitPerMinute: 10_000 };
    app = await assemble(emptyApp(false), options);
  });
  after(async () => {
    await app.close();
    await cluster.close();
    redis.disconnect();
    await server.stop();
  });

  const readiness = () => app.inject('/readyz');
  const stored = () =>
    app.inject({
      method: 'PUT',
      url: '/v1/schedules/nightly',
      headers: { authorization },
      payload: { cron: '0 3 * * *', timeZone: 'UTC', spec: submittedSpec() },
    });

  for (const { name, code, refuse, accept } of REFUSALS) {
    it(`because it ${name}: 503 with the reason, one line, no loop; and it goes on after`, async () => {
      lines.length = 0;
      await refuse(redis);
      // A job of the cluster's own makes its workers write.
      assert.equal((await stored()).statusCode, 503);
      const before = process.cpuUsage();
      const not = await until('it is not ready', async () => {
        const answer = await readiness();
        return answer.statusCode === 503 ? answer : null;
      });
      assert.match(not.json().refusal, /^Redis refuses writes: it/);
      const answer = await stored();
      assert.equal(answer.statusCode, 503);
      assert.match(String(answer.headers['content-type']), /application\/problem\+json/);
      assert.match(answer.json().detail, new RegExp(`refuses writes: .* \\(${code}\\)`));
      const read = await app.inject({ url: '/v1/soaks', headers: { authorization } });
      assert.equal(read.statusCode, 200);
      const commands = await commandsIn(redis, 1000);
      assert.ok(commands < 100, `${commands} commands in a second`);
      assert.ok(process.cpuUsage(before).user < 3_000_000);
      const errors = lines.filter(({ level }) => level === 'error');
      // One for each reason: a replica unblocks its clients before it refuses their writes.
      assert.ok(errors.length === 1 || code === 'READONLY', JSON.stringify(lines));
      assert.ok(errors.length <= 2 && errors.every(({ message }) => /refuses/.test(message)));

      await accept(redis);
      await until('it is ready again', async () =>
        (await readiness()).statusCode === 200 ? true : null,
      );
      assert.ok((await stored()).statusCode < 300);
      assert.ok(lines.some(({ message }) => message === 'Redis accepts writes again'));
    });
  }

  it('is refused at the start of a control plane, with the reason', async () => {
    for (const { code, refuse, accept } of REFUSALS) {
      await refuse(redis);
      const start = startCluster({ redisUrl: server.url, log: silentLog });
      await assert.rejects(start, {
        name: 'UnfitRedisError',
        message: new RegExp(`\\(${code}\\)`),
      });
      await accept(redis);
    }
  });
});

/** Commands that a Redis processes in so many milliseconds. */
async function commandsIn(redis: Redis, ms: number): Promise<number> {
  const count = async () =>
    Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
  const before = await count();
  await new Promise((resolve) => setTimeout(resolve, ms));
  return (await count()) - before;
}

it('a refusal is known by its code wherever it stands, and nothing else is one', () => {
  const misconf = 'MISCONF Redis is configured to save RDB snapshots, but cannot persist on disk.';
  for (const message of [
    misconf,
    "READONLY You can't write against a read only replica. script: f, on @user_script:1.",
    'ERR Error running script (call to f_1): @user_script:7: -OOM command not allowed',
    'NOREPLICAS Not enough good replicas to write.',
    "ERR The user executing the script can't run this command or subcommand script: f",
  ]) {
    assert.match(String(writeRefusal(new Error(message))), /^Redis refuses writes: it|too few/);
  }
  const aborted = new Error('EXECABORT Transaction discarded because of previous errors.');
  Object.assign(aborted, { previousErrors: [new Error(misconf)] });
  assert.match(String(writeRefusal(aborted)), /MISCONF/);
  for (const other of [new Error('the ROOM is full'), new Error('ZOOM '), 'OOM ', null]) {
    assert.equal(writeRefusal(other), null);
  }
});
