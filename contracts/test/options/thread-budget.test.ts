import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  beyondBudget,
  LAYOUTS,
  NOTIFIERS,
  type Notifier,
  SESSIONS_PER_IO_THREAD,
  Threads,
  threadPlan,
  validate,
} from '../../src/index.ts';

const budget = { io: 2, content: 6 };

test('the default budget is one IO thread', () => {
  assert.deepEqual(validate(Threads, undefined), { value: { io: 1, content: 0 } });
  for (const wrong of [{ io: 0 }, { io: 257 }, { content: -1 }, { io: 1.5 }]) {
    assert.ok('problems' in validate(Threads, wrong), JSON.stringify(wrong));
  }
});

test('every layout divides the same budget', () => {
  assert.deepEqual(threadPlan('homo', budget, 3), { io: 8, perContent: 0 });
  assert.deepEqual(threadPlan('hetero', budget, 3), { io: 2, perContent: 1 });
  assert.deepEqual(threadPlan('hetero-channels', budget, 3), { io: 2, perContent: 2 });
  assert.deepEqual(threadPlan('homo', { io: 1, content: 0 }, 3), { io: 1, perContent: 0 });
  assert.deepEqual(threadPlan('hetero', { io: 1, content: 0 }, 3), { io: 1, perContent: 1 });
  assert.deepEqual(threadPlan('hetero-channels', { io: 1, content: 0 }, 3), {
    io: 1,
    perContent: 2,
  });
  assert.deepEqual(threadPlan('hetero-channels', { io: 2, content: 9 }, 3), {
    io: 2,
    perContent: 3,
  });
});

test('there are at least two channels: with one per content the layout would be hetero', () => {
  assert.deepEqual(threadPlan('hetero-channels', budget, 4), { io: 2, perContent: 2 });
  const cell = { notifier: 'iocp', layout: 'hetero-channels', sessions: 10 } as const;
  assert.equal(
    beyondBudget(cell, { io: 2, content: 0 }, 3),
    '3 contents need 6 content threads, the budget has 0',
  );
});

test('iocp and completion routines fit whatever the sessions', () => {
  for (const notifier of ['iocp', 'completion-routine'] as const) {
    for (const layout of LAYOUTS) {
      const cell = { notifier, layout, sessions: 60_000 };
      assert.equal(beyondBudget(cell, { io: 1, content: 6 }, 3), null);
    }
  }
});

test('a thread holds its maximum of sessions and no more', () => {
  for (const notifier of NOTIFIERS) {
    const most = SESSIONS_PER_IO_THREAD[notifier];
    if (most === null) continue;
    const of = (sessions: number) =>
      beyondBudget({ notifier, layout: 'homo', sessions }, { io: 1, content: 0 }, 3);
    assert.equal(of(most), null);
    assert.equal(
      of(most + 1),
      `${most + 1} sessions at ${most} to a thread need 2 IO threads, the budget has 1`,
    );
  }
});

test('the explanation names the sum for homo, and every missing part', () => {
  const beyond = (notifier: Notifier, layout: 'homo' | 'hetero', threads: Threads) =>
    beyondBudget({ notifier, layout, sessions: 1000 }, threads, 3);
  assert.equal(beyond('event', 'homo', { io: 10, content: 6 }), null);
  assert.equal(
    beyond('event', 'homo', { io: 9, content: 6 }),
    '1000 sessions at 63 to a thread need 16 IO threads, the budget has 9 + 6',
  );
  assert.equal(
    beyond('iocp', 'hetero', { io: 1, content: 2 }),
    '3 contents need 3 content threads, the budget has 2',
  );
  assert.equal(
    beyond('event-select', 'hetero', { io: 1, content: 0 }),
    '1000 sessions at 63 to a thread need 16 IO threads, the budget has 1; ' +
      '3 contents need 3 content threads, the budget has 0',
  );
});
