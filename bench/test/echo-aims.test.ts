import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  aimsTable,
  allHeld,
  atLeast,
  atLeastTimes,
  atMost,
  atMostTimes,
  noLonger,
} from '../src/echo/aim.ts';
import { ratioOf } from '../src/echo/ratio.ts';

describe('the ratio of two sides', () => {
  it('is taken within each round, and half of the rounds lie in its spread', () => {
    // The second round was slow for both: the ratio of the sums would be another.
    const ratio = ratioOf([20, 2, 30, 20], [10, 1, 20, 16]);
    assert.deepEqual(ratio, { median: 1.75, low: 1.4375, high: 2 });
  });

  it('needs the same rounds of both', () => {
    assert.throws(() => ratioOf([1, 2], [1]), /2 rounds of one side and 1 of the other/);
    assert.throws(() => ratioOf([], []), /0 rounds/);
  });
});

describe('an aim', () => {
  const ratio = { median: 1.2, low: 1.1, high: 1.3 };

  it('for a rate is decided by the median', () => {
    assert.equal(atLeastTimes('rate', 1.2, ratio).held, true);
    assert.equal(atLeastTimes('rate', 1.3, ratio).held, false);
  });

  it('for what should be little is decided by the median, too', () => {
    assert.equal(atMostTimes('CPU', 1.2, ratio).held, true);
    assert.equal(atMostTimes('CPU', 1.1, ratio).held, false);
  });

  it('for a maximum is missed when three rounds of four are worse', () => {
    assert.equal(noLonger('max', ratio).held, false);
    assert.equal(noLonger('max', { ...ratio, low: 0.9 }).held, true);
  });

  it('for a figure has its unit', () => {
    assert.deepEqual(atMost('lateness', 30, 27.1234, 'µs'), {
      what: 'lateness',
      goal: 'at most 30 µs',
      actual: '27.1 µs',
      held: true,
    });
    assert.equal(atMost('lateness', 30, 30.1, 'µs').held, false);
    assert.equal(atLeast('rate', 100, 99.9, '/s').held, false);
    assert.equal(atLeast('rate', 100, 100, '/s').held, true);
  });

  it('that was not measured is not held', () => {
    const held = atLeast('rate', 1, 2, '/s');
    assert.equal(allHeld([held]), true);
    const unknown = { ...held, actual: 'not here', held: null };
    assert.equal(allHeld([held, unknown]), false);
    assert.match(aimsTable([unknown]), /not measured/);
  });
});
