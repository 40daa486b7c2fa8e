// Half duplex: a session receives again only when all that came before is answered and sent.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Game } from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { type ServerHandle, startServer } from '../src/index.ts';
import { assertEveryEchoAccountedFor, assertFlawless } from './accounts.ts';
import { GAME } from './game.ts';
import { here, WINDOWS_ONLY, WORKING } from './notifiers.ts';
import { Peer } from './peer.ts';
import { soak } from './soak.ts';
import { frame, readFrame } from './wire.ts';

/** Sends until nothing moves any more: every buffer on the way is full. Returns how much. */
async function feedUntilFull(peer: Peer, server: ServerHandle): Promise<number> {
  const many = Buffer.concat(Array.from({ length: 16 }, () => frame(1n, Buffer.alloc(4000))));
  let fedBytes = 0;
  let feeding = true;
  const feed = () => {
    if (!feeding) return;
    fedBytes += many.length;
    peer.socket.write(many, (error) => error ?? setImmediate(feed));
  };
  feed();
  let [moved, movedMs] = [0, performance.now()];
  await until('every buffer is full', () => {
    const { bytes, sends } = server.snapshot();
    const now = fedBytes + bytes.received + bytes.sent;
    if (now !== moved) [moved, movedMs] = [now, performance.now()];
    return sends.pending > 0 && performance.now() - movedMs > 300;
  });
  feeding = false;
  return fedBytes;
}

for (const notifier of WORKING) {
  describe(notifier, () => {
    for (const layout of ['homo', 'hetero'] as const) {
      test(`${layout}: the server does not read from a peer that does not read, which gets everything once it does`, async () => {
        // In full duplex the session would be closed: more waits to be sent than it may have.
        const limits = { sendQueueBytes: 65_536 };
        const options = { notifier, layout, game: GAME, duplex: 'half', ...limits } as const;
        const server = startServer({ ...options, host: '127.0.0.1' });
        try {
          const peer = await Peer.connect(server.port);
          peer.socket.pause();
          const fedBytes = await feedUntilFull(peer, server);
          assert.equal(server.snapshot().sessions.live, 1);
          assert.ok(server.snapshot().bytes.received < fedBytes);
          peer.socket.resume();
          await peer.take(fedBytes);
          peer.socket.end();
          await peer.closed();
        } finally {
          const { errors } = await server.stop();
          assert.deepEqual(
            Object.entries(errors).filter(([, count]) => count !== 0),
            [],
          );
        }
      });
    }

    test('every message lost by a reset is counted', async () => {
      const threads = { io: 2, content: 3 };
      const figures = await soak(
        { notifier, layout: 'hetero', game: GAME, duplex: 'half', threads },
        {
          sessions: 20,
          rampUpSeconds: 0,
          ratePerSecond: 500,
          overSend: 8,
          disconnectsPerSecond: 80,
          abortiveShare: 0.5,
        },
        400,
      );
      assertEveryEchoAccountedFor(figures);
      assert.ok(figures.fleet.sessions.aborts > 5, JSON.stringify(figures.fleet.sessions));
    });
  });
}

for (const skipCompletionPortOnSuccess of [true, false]) {
  test(`echoes that content threads send, completed at once ${skipCompletionPortOnSuccess ? 'without' : 'with'} a packet`, {
    skip: WINDOWS_ONLY,
  }, async () => {
    const figures = await soak(
      {
        notifier: 'iocp',
        layout: 'hetero',
        game: GAME,
        duplex: 'half',
        iocp: { skipCompletionPortOnSuccess, inlineRounds: 8 },
      },
      { sessions: 20, rampUpSeconds: 0, pacing: 'closed', overSend: 8 },
      2000,
    );
    assertFlawless(figures);
  });
}

test('a session continues to receive after a dropped echo', async () => {
  for (const layout of ['homo', 'hetero'] as const) {
    const { fleet } = await soak(
      { notifier: here('iocp'), layout, game: GAME, duplex: 'half', fault: { dropEvery: 10 } },
      { sessions: 4, rampUpSeconds: 0, pacing: 'closed', overSend: 1, echoTimeoutMs: 200 },
      200,
    );
    assert.ok(fleet.ledger.echoed > 150, JSON.stringify(fleet.ledger));
  }
});

const SLOW: Game = {
  ...GAME,
  contents: [{ name: 'lobby', workUs: 0, moves: {}, ticksPerSecond: 2 }],
};

for (const duplex of ['full', 'half'] as const) {
  test(`${here('event')}, ${duplex} duplex: a thread whose sessions do not receive sleeps`, async () => {
    const server = startServer({
      ...{ notifier: here('event'), layout: 'hetero', duplex, game: SLOW, host: '127.0.0.1' },
    });
    try {
      const startMs = performance.now();
      // Answered by the tick, half a second at the most after it came; `end` comes right behind it.
      for (let sequence = 1n; sequence <= 4n; sequence += 1n) {
        const peer = await Peer.connect(server.port);
        peer.send(frame(sequence));
        if (duplex === 'full') peer.socket.end();
        assert.equal(readFrame(await peer.take(64)).sequence, sequence);
        peer.socket.end();
        await peer.closed();
      }
      const seconds = (performance.now() - startMs) / 1000;
      const io = server.snapshot().threads.find(({ name }) => name === 'io-0');
      const cpuSeconds = (io?.userSeconds ?? 0) + (io?.kernelSeconds ?? 0);
      assert.ok(cpuSeconds < 0.2 * seconds, `${cpuSeconds} s of CPU in ${seconds} s`);
    } finally {
      await server.stop();
    }
  });
}
