import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expand } from '../../src/submit/expand.ts';
import { madeSpec } from '../made-figures.ts';

describe('expand', () => {
  it('interleaves the repeats: every cell once before any cell twice', () => {
    const spec = madeSpec({
      matrix: { notifier: ['iocp', 'event'], layout: ['homo'], sessions: [1, 50] },
      repeats: 2,
    });
    assert.deepEqual(
      expand(spec).map(({ index, cell, repeat }) => [index, cell.notifier, cell.sessions, repeat]),
      [
        [0, 'iocp', 1, 1],
        [1, 'iocp', 50, 1],
        [2, 'event', 1, 1],
        [3, 'event', 50, 1],
        [4, 'iocp', 1, 2],
        [5, 'iocp', 50, 2],
        [6, 'event', 1, 2],
        [7, 'event', 50, 2],
      ],
    );
  });
});
