import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHistogram } from '@oversoak/contracts';
import { histogramOf } from '@oversoak/testing/builders/made-figures';
import { findPercentileInWindow, minEchoesToHold } from '../../src/judge/window-percentile.ts';

/** A window of so many echoes of which so many took 80 ms, the others 2 ms, against 50 ms. */
function found(slow: number, total: number, { operator = '<', windows = 480 } = {}) {
  const latency = readHistogram(histogramOf(total - slow, 2, slow, 80));
  const threshold = { operator: operator as '<' | '>', limit: 50_000 };
  return findPercentileInWindow(threshold, 99, latency, windows);
}

describe('a percentile in one of many windows', () => {
  it('is held, missed or unknown by the number of echoes above the limit', () => {
    assert.deepEqual(found(0, 10_000), { outcome: 'held', above: 0 });
    assert.deepEqual(found(100, 10_000), { outcome: 'unknown', above: 100 });
    assert.deepEqual(found(200, 10_000), { outcome: 'missed', above: 200 });
  });

  it('needs more evidence for a miss in one of many windows', () => {
    assert.equal(found(130, 10_000, { windows: 1 }).outcome, 'missed');
    assert.equal(found(130, 10_000, { windows: 480 }).outcome, 'unknown');
  });

  it('needs a minimum of echoes to hold, even if none is above', () => {
    assert.equal(minEchoesToHold(99), 299);
    assert.equal(found(0, 299).outcome, 'held');
    assert.equal(found(0, 298).outcome, 'unknown');
    assert.deepEqual([minEchoesToHold(50), minEchoesToHold(99.9)], [5, 2995]);
  });

  it('is reversed for a lower limit', () => {
    const operator = '>';
    assert.equal(found(200, 10_000, { operator }).outcome, 'held');
    assert.equal(found(0, 10_000, { operator }).outcome, 'missed');
    assert.equal(found(100, 10_000, { operator }).outcome, 'unknown');
  });
});
