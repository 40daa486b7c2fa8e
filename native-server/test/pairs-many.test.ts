// A thousand sessions with every valid pair of notifier and layout.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SESSIONS_PER_IO_THREAD, threadPlan } from '@oversoak/contracts';
import { assertFlawless } from './accounts.ts';
import { GAME } from './game.ts';
import { PAIRS } from './notifiers.ts';
import { soak } from './soak.ts';

const CONTENTS = GAME.contents.length;

for (const valid of PAIRS) {
  describe(`${valid.notifier} with ${valid.layout}`, () => {
    const pair = { ...valid, game: GAME };

    test('1,000 sessions', async () => {
      const figures = await soak(
        pair,
        {
          sessions: 1000,
          rampUpSeconds: 1,
          ratePerSecond: 1000,
          overSend: 4,
          echoTimeoutMs: 20_000,
        },
        1200,
      );
      assertFlawless(figures);
      assert.equal(figures.fleet.sessions.connects, 1000);
      assert.deepEqual(figures.server.threadsRequested, { io: 1, content: 0 });
      const { io, content } = figures.server.threadsRan;
      assert.equal(io, Math.ceil(1000 / (SESSIONS_PER_IO_THREAD[pair.notifier] ?? 1000)));
      const plan = threadPlan(pair.layout, { io: 1, content: 0 }, CONTENTS);
      assert.equal(content, plan.perContent * CONTENTS);
      assert.equal(figures.server.threads.length, 1 + io + content);
    });
  });
}
