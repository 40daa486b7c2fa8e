import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeStages, type StageRow, slowest, stagesSince } from '../../src/index.ts';

/** Echoes of one latency, most of it on the network and the rest where `changes` say. */
function row(atLeastNs: number, count: number, changes: Partial<StageRow> = {}): StageRow {
  const none = { client: 0, 'network+wake': 0, lock: 0, queue: 0, work: 0, send: 0, 'fan-out': 0 };
  return { ...none, atLeastNs, count, 'network+wake': count * atLeastNs, ...changes };
}

test('tables add up by latency, rising', () => {
  const merged = mergeStages([
    [row(2000, 1, { queue: 7 }), row(8000, 2)],
    [row(1000, 5), row(2000, 3, { queue: 3 })],
  ]);
  assert.deepEqual(merged, [row(1000, 5), row(2000, 4, { queue: 10 }), row(8000, 2)]);
  assert.deepEqual(mergeStages([]), []);
});

test('the interval between two tables holds what came in between, and empty rows are left out', () => {
  const earlier = [row(1000, 5), row(2000, 3)];
  const later = [row(1000, 5), row(2000, 4), row(4000, 1)];
  assert.deepEqual(stagesSince(later, earlier), [row(2000, 1), row(4000, 1)]);
  assert.deepEqual(stagesSince(later, []), later);
  assert.deepEqual(stagesSince(later, later), []);
});

test('a table that lost echoes or time is named with both readings', () => {
  const earlier = [row(1000, 5), row(2000, 3)];
  assert.throws(
    () => stagesSince([row(1000, 5), row(2000, 2)], earlier),
    /counter stages.count from 2000 ns ran backwards: 3, then 2/,
  );
  assert.throws(
    () => stagesSince([row(2000, 3)], earlier),
    /from 1000 ns ran backwards: 5, then 0/,
  );
  assert.throws(
    () => stagesSince([row(1000, 6, { 'network+wake': 10 }), row(2000, 3)], earlier),
    /counter stages.network\+wake from 1000 ns ran backwards: 5000, then 10/,
  );
});

test('the slowest share is whole rows from the slowest down', () => {
  const table = [
    row(1000, 980),
    row(5000, 15, { 'network+wake': 0, queue: 15 * 5000 }),
    row(9000, 5),
  ];
  const tail = slowest(table, 0.01);
  assert.equal(tail?.count, 20);
  assert.equal(tail?.dominating, 'queue');
  assert.deepEqual(tail?.meanUs, {
    client: 0,
    'network+wake': (5 * 9000) / 20 / 1000,
    lock: 0,
    queue: (15 * 5000) / 20 / 1000,
    work: 0,
    send: 0,
    'fan-out': 0,
  });
  assert.deepEqual(
    [slowest(table, 0.005)?.count, slowest(table, 0.005)?.dominating],
    [5, 'network+wake'],
  );
  assert.equal(slowest(table, 1)?.count, 1000);
});

test('an empty table has no slowest share', () => {
  assert.equal(slowest([], 0.01), null);
});
