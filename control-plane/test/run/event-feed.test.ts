import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fleetFigures } from '@oversoak/testing/builders/made-figures';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Redis } from 'ioredis';
import {
  FEED_START,
  type FeedPosition,
  positionText,
  readPosition,
  runFeed,
} from '../../src/run/event-feed.ts';
import { runEventsKey, runSamplesKey } from '../../src/store/names.ts';

describe('runFeed', () => {
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

  const state = (id: string, name: string) =>
    redis.xadd(
      runEventsKey('r'),
      id,
      'event',
      JSON.stringify({ state: name, atMs: 1, judgement: null }),
    );
  const sample = (id: string, text?: string) => {
    const { measured, ...figures } = fleetFigures(Number.parseInt(id, 10));
    const { latency, stages: _, ...load } = measured;
    const fleet = { ...figures, measured: load };
    const from = { runId: 'r', epoch: 1, agentId: 'a', role: 'fleet', atMs: 1 };
    const made = { ...from, phase: 'measuring', sinceStartSeconds: 1, fleet };
    assert.ok(latency.intended.length > 0);
    return redis.xadd(runSamplesKey('r'), id, 'sample', text ?? JSON.stringify(made));
  };
  const read = async (from: FeedPosition) => {
    const items = [];
    for await (const { position, event } of runFeed(redis, 'r', from)) {
      const what = event.kind === 'state' ? event.state : event.sample.fleet?.ledger.sent;
      items.push([positionText(position), what]);
    }
    return items;
  };

  it('merges both streams by time, from any position, and ends after done', async () => {
    await state('1-0', 'measuring');
    await sample('20-0');
    await state('30-0', 'draining');
    await sample('100-0');
    await state('200-0', 'done');
    const all = [
      ['1-0_0-0', 'measuring'],
      ['1-0_20-0', 20],
      ['30-0_20-0', 'draining'],
      ['30-0_100-0', 100],
      ['200-0_100-0', 'done'],
    ];
    assert.deepEqual(await read(FEED_START), all);
    assert.deepEqual(await read({ events: '30-0', samples: '20-0' }), all.slice(3));
  });

  it('omits invalid samples', async () => {
    await sample('1-0', '{"kind"');
    await sample('2-0', '{}');
    await state('3-0', 'done');
    assert.deepEqual(await read(FEED_START), [['3-0_2-0', 'done']]);
  });

  it('ends at once for a reader after done, and for a deleted run', async () => {
    await state('1-0', 'measuring');
    await state('2-0', 'done');
    for (const events of ['2-0', '3-0'])
      assert.deepEqual(await read({ events, samples: '0-0' }), []);
    await redis.flushall();
    assert.deepEqual(await read(FEED_START), []);
  });

  it('reads its own positions only', () => {
    const position = { events: '12-0', samples: '3-4' };
    assert.deepEqual(readPosition(positionText(position)), position);
    for (const text of ['', 'x', '1-0', '1-0_', '1-0_$', '1-0_1-0 ']) {
      assert.equal(readPosition(text), null);
    }
  });
});
