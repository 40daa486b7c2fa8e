import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addLoads, emptyLoad, type Load, loadBalances, loadSince } from '../../src/figures/load.ts';

const load = (due: number, sent: number, held: number): Load => ({
  ...emptyLoad(),
  ...{ due, sent, echoed: sent },
  unsent: { ...emptyLoad().unsent, held },
});

test('loads add up count by count, causes included', () => {
  const sum = addLoads([load(10, 8, 2), load(5, 5, 0)]);
  assert.deepEqual([sum.due, sum.sent, sum.echoed, sum.unsent.held], [15, 13, 13, 2]);
  assert.deepEqual(addLoads([]), emptyLoad());
});

test('what came between two loads; a counter that ran backwards is named', () => {
  const since = loadSince(load(10, 8, 2), load(4, 4, 0));
  assert.deepEqual([since.due, since.sent, since.unsent.held], [6, 4, 2]);
  assert.throws(
    () => loadSince(load(3, 3, 0), load(4, 3, 0)),
    /load\.due ran backwards: 4, then 3/,
  );
  assert.throws(() => loadSince(load(4, 4, 1), load(4, 4, 2)), /load\.unsent\.held ran backwards/);
});

test('a load balances when every message that was due has ended in one place', () => {
  assert.ok(loadBalances(load(10, 8, 2)));
  assert.ok(!loadBalances(load(10, 8, 1)), 'one waits');
  assert.ok(!loadBalances({ ...load(10, 10, 0), echoed: 9 }), 'one is in flight');
  assert.ok(loadBalances({ ...load(10, 10, 0), echoed: 7, unanswered: 2, reset: 1 }));
});
