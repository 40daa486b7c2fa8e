import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cellKey, type SoakSpec } from '@oversoak/contracts';
import { madeSpec, TARGET } from '@oversoak/testing/builders/made-figures';
import { cellsOf, expand, soakCells } from '../../src/submit/expand.ts';

describe('expand', () => {
  it('interleaves the repeats, every second one in reverse', () => {
    const spec = madeSpec({
      matrix: { notifier: ['iocp', 'event'], layout: ['homo'], sessions: [1, 50] },
      repeats: 2,
    });
    assert.deepEqual(
      expand({ spec }).map(({ index, cell, repeat }) => [
        index,
        cell.notifier,
        cell.sessions,
        repeat,
      ]),
      [
        [0, 'iocp', 1, 1],
        [1, 'iocp', 50, 1],
        [2, 'event', 1, 1],
        [3, 'event', 50, 1],
        [4, 'event', 50, 2],
        [5, 'event', 1, 2],
        [6, 'iocp', 50, 2],
        [7, 'iocp', 1, 2],
      ],
    );
  });
});

describe('soakCells', () => {
  const matrix = { notifier: ['iocp' as const, 'event' as const], sessions: [1] };
  const spec = madeSpec({ matrix, repeats: 2 });

  it('puts the baseline cell with the same key before each cell, and omits the others', () => {
    const pinned = madeSpec({ matrix: { notifier: ['select', 'event'], sessions: [1] } });
    const against = { baseline: 'main', soakId: 'soak-1', spec: pinned };
    const keys = ['iocp.homo.1', 'event.homo.1.baseline', 'event.homo.1'];
    assert.deepEqual(soakCells({ spec, against }).map(cellKey), keys);
    assert.deepEqual(
      expand({ spec, against }).map(({ cell, repeat }) => [cellKey(cell), repeat]),
      [...keys.map((key) => [key, 1]), ...keys.toReversed().map((key) => [key, 2])],
    );
  });

  it('is the matrix without a baseline', () => {
    assert.deepEqual(soakCells({ spec }).map(cellKey), ['iocp.homo.1', 'event.homo.1']);
  });
});

describe('cellsOf', () => {
  const keys = (changes: Parameters<typeof madeSpec>[0]) => cellsOf(madeSpec(changes)).map(cellKey);

  it('is homo if no layout is given', () => {
    assert.deepEqual(keys({ matrix: { notifier: ['iocp'], sessions: [1] } }), ['iocp.homo.1']);
  });

  it('varies locks and queues only in layouts that use them', () => {
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

  it('is only the sessions with a target', () => {
    const spec = { matrix: { sessions: [1, 50] }, target: TARGET };
    assert.deepEqual(cellsOf(madeSpec(spec)), [
      { notifier: null, layout: null, sessions: 1 },
      { notifier: null, layout: null, sessions: 50 },
    ]);
    assert.deepEqual(keys(spec), ['target.1', 'target.50']);
  });
});
