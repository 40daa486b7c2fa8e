import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '@oversoak/contracts';
import { cellReasons } from '../../src/comparison/cell-reasons.ts';

const run = (repeat: number, verdict: Verdict, ...reasons: string[]) => ({
  repeat,
  judgement: { verdict, reasons, loadSound: verdict === 'passed' },
});

test('the reason of the worst verdict comes first, and each says of which repeat it is', () => {
  const runs = [
    run(1, 'passed', '0 errors'),
    run(2, 'inconclusive', 'generator saturated'),
    run(3, 'failed', 'p99 is 23 ms', 'generator saturated'),
    run(4, 'cancelled', 'cancelled'),
    run(5, 'cancelled', 'cancelled'),
    { repeat: 6, judgement: null },
  ];
  assert.deepEqual(cellReasons(runs), [
    'repeat 3: p99 is 23 ms',
    'repeats 2, 3: generator saturated',
    'repeats 4, 5: cancelled',
    'repeat 1: 0 errors',
  ]);
});

test('the only repeat is not named', () => {
  assert.deepEqual(cellReasons([run(1, 'failed', 'a', 'b')]), ['a', 'b']);
  assert.deepEqual(cellReasons([]), []);
});
