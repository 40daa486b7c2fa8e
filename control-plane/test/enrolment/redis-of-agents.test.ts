import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unreachableReason, withoutUser } from '../../src/enrolment/redis-of-agents.ts';

test('agents are told where Redis is, and not who else connects to it', () => {
  assert.equal(withoutUser('rediss://user:secret@redis:6380/2'), 'rediss://redis:6380/2');
  assert.equal(withoutUser('redis://127.0.0.1:6379'), 'redis://127.0.0.1:6379');
});

test('an agent on another machine cannot reach a Redis on loopback', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '[::1]']) {
    const url = `redis://:x@${host}:6379`;
    assert.match(unreachableReason(url, '10.0.0.7') ?? '', /OVERSOAK_AGENTS_REDIS_URL/, host);
    assert.doesNotMatch(unreachableReason(url, '10.0.0.7') ?? '', /x@/);
    assert.equal(unreachableReason(url, '127.0.0.1'), null, host);
  }
  for (const host of ['10.0.0.5', 'redis', 'redis.example']) {
    assert.equal(unreachableReason(`redis://${host}:6379`, '10.0.0.7'), null, host);
  }
});
