import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { windowSecondsOf } from '../../src/figures/series.ts';

const HOUR = 3600;

describe('windowSecondsOf', () => {
  it('is a second for minutes, longer for a night, and never too many windows', () => {
    const lengths = [0.5, 60, 1440, 1441, 8 * HOUR, 24 * HOUR, 10 * 24 * HOUR, 720 * HOUR];
    assert.deepEqual(lengths.map(windowSecondsOf), [1, 1, 1, 10, 60, 60, 600, 3600]);
  });
});
