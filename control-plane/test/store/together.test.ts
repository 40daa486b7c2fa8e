import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Together } from '../../src/store/together.ts';

it('what is added in one turn of the event loop is one call, in its order', async () => {
  const calls: number[][] = [];
  const together = new Together<number>(async (items) => void calls.push([...items]));
  const later = (async () => {
    for (let ticks = 0; ticks < 5; ticks++) await null;
    await together.add(3);
  })();
  await Promise.all([together.add(1), together.add(2), later]);
  await together.add(4);
  assert.deepEqual(calls, [[1, 2, 3], [4]]);
});

it('what is added while a call is made is the next one, and fails or succeeds by itself', async () => {
  const first = Promise.withResolvers<void>();
  const calls: number[][] = [];
  const together = new Together<number>(async (items) => {
    calls.push([...items]);
    if (calls.length === 1) await first.promise;
  });
  const one = together.add(1);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  await together.add(2);
  first.reject(new Error('not stored'));
  await assert.rejects(one, /not stored/);
  assert.deepEqual(calls, [[1], [2]]);
});
