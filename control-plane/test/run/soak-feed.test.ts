import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { fleetSample } from '@oversoak/testing/builders/soaks';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Redis } from 'ioredis';
import { soakFeed } from '../../src/run/soak-feed.ts';
import { runEventsKey, runSamplesKey } from '../../src/store/names.ts';

describe('soakFeed', () => {
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
  beforeEach(() => redis.flushall());

  const state = (run: string, id: string, name: string) => {
    const event = JSON.stringify({ state: name, atMs: 1, judgement: null });
    return redis.xadd(runEventsKey(run), id, 'event', event);
  };
  const sample = (run: string, id: string) =>
    redis.xadd(runSamplesKey(run), id, 'sample', JSON.stringify(fleetSample(run, 1, 5)));
  const read = async (statesMs: number, samplesMs: number, runs = ['r', 's']) => {
    const items: string[] = [];
    for await (const { atMs, event } of soakFeed(redis, runs, { statesMs, samplesMs })) {
      const what = event.kind === 'state' ? `${event.runId} ${event.state}` : event.sample.runId;
      items.push(`${atMs} ${what}`);
    }
    return items;
  };

  it('merges the streams of all runs by time, and ends when all are done', async () => {
    await state('r', '10-0', 'measuring');
    await state('s', '15-0', 'queued');
    await sample('r', '20-0');
    await state('r', '30-0', 'done');
    await sample('s', '40-0');
    await state('s', '50-0', 'done');
    const all = ['10 r measuring', '15 s queued', '20 r', '30 r done', '40 s', '50 s done'];
    assert.deepEqual(await read(0, 0), all);
    // Samples from later on, and a reader that comes back: that of its last millisecond once more.
    assert.deepEqual(
      await read(0, 25),
      all.filter((item) => item !== '20 r'),
    );
    assert.deepEqual(await read(40, 40), ['40 s', '50 s done']);
  });

  it('loses no event of a millisecond that several streams share', async () => {
    await state('r', '10-0', 'measuring');
    await state('s', '10-0', 'measuring');
    await state('r', '20-0', 'done');
    await state('s', '20-0', 'done');
    assert.deepEqual(await read(10, 10), [
      '10 r measuring',
      '10 s measuring',
      '20 r done',
      '20 s done',
    ]);
  });

  it('ends at once for runs that were done before, or deleted', async () => {
    await state('r', '10-0', 'done');
    assert.deepEqual(await read(20, 20), []);
  });

  it('waits for further events', async () => {
    await state('r', '10-0', 'measuring');
    const waiting = read(0, 0, ['r']);
    // Behind the read that blocks, so when that has ended: nothing may fall between two reads.
    await state('r', '20-0', 'done');
    assert.deepEqual(await waiting, ['10 r measuring', '20 r done']);
  });
});
