import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cellKey, type SoakSpec } from '@oversoak/contracts';
import { cellsOf, expand } from '../../src/submit/expand.ts';
import { madeSpec, TARGET } from '../made-figures.ts';

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

describe('cellsOf', () => {
  const keys = (changes: Parameters<typeof madeSpec>[0]) => cellsOf(madeSpec(changes)).map(cellKey);

  it('is homo without a layout', () => {
    assert.deepEqual(keys({ matrix: { notifier: ['iocp'], sessions: [1] } }), ['iocp.homo.1']);
  });

  it('varies locks and queues in the layouts that use them, and only there', () => {
    const matrix = {
      notifier: ['iocp', 'select'],
      layout: ['homo', 'hetero'],
      containerLock: ['mutex', 'sharded'],
      contentQueue: ['locked', 'lock-free'],
      sessions: [1],
    } satisfies SoakSpec['matrix'];
    const perNotifier = [
      'homo.1',
      'hetero.mutex.locked.1',
      'hetero.mutex.lock-free.1',
      'hetero.sharded.locked.1',
      'hetero.sharded.lock-free.1',
    ];
    const expected = ['iocp', 'select'].flatMap((notifier) =>
      perNotifier.map((rest) => `${notifier}.${rest}`),
    );
    assert.deepEqual(keys({ matrix }), expected);
    const [homo] = cellsOf(madeSpec({ matrix }));
    assert.deepEqual(Object.keys(homo ?? {}), ['notifier', 'layout', 'sessions']);
  });

  it('has every cell twice in an A/A soak', () => {
    const matrix = { notifier: ['iocp' as const], sessions: [1, 2] };
    assert.deepEqual(keys({ matrix, noiseFloor: true }), [
      'iocp.homo.1.a',
      'iocp.homo.1.b',
      'iocp.homo.2.a',
      'iocp.homo.2.b',
    ]);
  });

  it('is the sessions alone with a target', () => {
    const spec = { matrix: { sessions: [1, 50] }, target: TARGET };
    assert.deepEqual(cellsOf(madeSpec(spec)), [
      { notifier: null, layout: null, sessions: 1 },
      { notifier: null, layout: null, sessions: 50 },
    ]);
    assert.deepEqual(keys(spec), ['target.1', 'target.50']);
  });
});
