import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf } from '../src/fan-out/bench.ts';

test('two numbers of members tell a delivery from a receive, and an echo its send', () => {
  const [receive, delivery, send] = [3, 2, 4];
  const parts = partsOf({
    fifty: receive + 50 * delivery,
    two: receive + 2 * delivery,
    echo: receive + send,
  });
  assert.deepEqual(parts, { delivery, receive, send });
});
