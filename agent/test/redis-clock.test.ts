import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { offsetOf, RedisClock } from '../src/redis-clock.ts';

describe('the clock of Redis', () => {
  it('takes the midpoint of the quickest round trip', () => {
    const slow = { sentMs: 1_000, receivedMs: 1_400, redisMs: 6_390 };
    const quick = { sentMs: 2_000, receivedMs: 2_002, redisMs: 7_001 };
    assert.equal(offsetOf([slow, quick, slow]), 5_000);
  });

  it('turns local time into Redis time and back', async () => {
    let localMs = 1_000;
    const time = async () => {
      localMs += 2;
      return [3, 500 + localMs * 1_000 - 1_000_000 - 1_000];
    };
    const redis = { time } as unknown as ConstructorParameters<typeof RedisClock>[0];
    const clock = new RedisClock(redis, () => localMs);
    await clock.measure();
    assert.equal(Math.round(clock.offsetMs), 2_000);
    assert.equal(clock.toRedisMs(clock.toLocalMs(9_000)), 9_000);
  });
});
