import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Redis } from 'ioredis';
import { runKey, runSamplesKey } from '../../src/store/names.ts';
import { Runs } from '../../src/store/runs.ts';

let server: RedisServer;
let redis: Redis;
before(async () => {
  server = await RedisServer.start();
  redis = new Redis(server.url);
});
after(async () => {
  redis.disconnect();
  await server.stop();
});

/** How often Redis was asked for a script. */
async function scripts(): Promise<number> {
  const stats = await redis.info('commandstats');
  const calls = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)];
  return calls.reduce((sum, [, count]) => sum + Number(count), 0);
}

it('samples of several runs are added by one script, in their order', async () => {
  const runs = new Runs(redis);
  for (const runId of ['one', 'two', 'broken'])
    await redis.hset(runKey(runId), 'state', 'measuring');
  await redis.set(runSamplesKey('broken'), 'no stream');
  await redis.config('RESETSTAT');
  const added = Array.from({ length: 100 }, (_, index) => `${index}`);
  await Promise.all(
    added.flatMap((text) => [
      runs.addSample('one', text),
      runs.addSample('deleted', text),
      runs.addSample('broken', text),
      runs.addSample('two', `${text} of two`),
    ]),
  );
  // The first call of a script sends it again, because Redis does not know it.
  assert.ok((await scripts()) <= 2, `${await scripts()} calls`);
  const textsOf = async (runId: string) =>
    (await runs.samples(runId, null, 1000)).map(({ text }) => text);
  assert.deepEqual(await textsOf('one'), added);
  assert.deepEqual(
    await textsOf('two'),
    added.map((text) => `${text} of two`),
  );
  assert.equal(await redis.exists(runSamplesKey('deleted')), 0);
});

it('the queue is read by one script: of each run its version and allocation', async () => {
  const runs = new Runs(redis);
  const allocation = { epoch: 3, gang: [] };
  await redis.hset(runKey('waits'), { version: 2 });
  await redis.hset(runKey('held'), { version: 7, allocation: JSON.stringify(allocation) });
  await redis.zadd('oversoak:queue', 1, 'waits', 2, 'held', 3, 'ghost');
  await redis.config('RESETSTAT');
  assert.deepEqual(await runs.queue(), [
    { runId: 'waits', version: 2, allocation: null },
    { runId: 'held', version: 7, allocation },
    { runId: 'ghost', version: null, allocation: null },
  ]);
  assert.ok((await scripts()) <= 2, `${await scripts()} calls`);
});
