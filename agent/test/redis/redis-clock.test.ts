import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { offsetOf, RedisClock } from '../../src/redis/redis-clock.ts';

describe('the clock of Redis', () => {
  it('uses the midpoint of the fastest round trip', () => {
    const slow = { sentMs: 1_000, receivedMs: 1_400, redisMs: 6_390 };
    const quick = { sentMs: 2_000, receivedMs: 2_002, redisMs: 7_001 };
    assert.equal(offsetOf([slow, quick, slow]), 5_000);
  });

  it('converts local time to Redis time and back', async () => {
    let localMs = 1_000;
    const time = async () => {
      localMs += 2;
      const redisMs = localMs - 1 + 5_000;
      return [Math.floor(redisMs / 1000), (redisMs % 1000) * 1000];
    };
    const redis = { time } as unknown as ConstructorParameters<typeof RedisClock>[0];
    const wallMs = () => localMs + 3_000;
    const clock = new RedisClock(redis, () => localMs, wallMs);
    await clock.measure();
    assert.equal(clock.wallOffsetMs, 2_000);
    assert.equal(clock.nowMs(), localMs + 5_000);
    assert.equal(clock.toLocalMs(9_000), 4_000);
  });
});
