import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countSince, countsSince } from '../../src/index.ts';

test('the increase of a counter is the difference of its readings', () => {
  assert.equal(countSince('sent', 7, 3), 4);
  assert.equal(countSince('sent', 3, 3), 0);
  assert.deepEqual(countsSince('errors', { corrupt: 5, late: 2 }, { corrupt: 3, late: 2 }), {
    corrupt: 2,
    late: 0,
  });
});

test('a counter that ran backwards is named with both readings', () => {
  assert.throws(
    () => countSince('ledger.sent', 3, 7),
    /counter ledger.sent ran backwards: 7, then 3/,
  );
  assert.throws(
    () => countsSince('errors', { corrupt: 1 }, { corrupt: 2 }),
    /counter errors.corrupt ran backwards: 2, then 1/,
  );
});
