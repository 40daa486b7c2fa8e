// What only the readiness models have: sends in parts, hints that come early, late or for nothing,
// and a limit of sessions to a thread. All else is in the suite over the valid pairs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ledgerBalances, SESSIONS_PER_IO_THREAD, type ServerSnapshot } from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { startFleet, startServer } from '../src/index.ts';
import { block, FRAME_BYTES, takeInOrder } from './blocked.ts';
import { READINESS } from './notifiers.ts';
import { Peer } from './peer.ts';
import { frame } from './wire.ts';

// Some thousand sessions come and go.
const patienceMs = 60_000;

const ioThreads = ({ threads }: ServerSnapshot) =>
  threads.filter(({ name }) => name.startsWith('io-'));

const ioSeconds = (snapshot: ServerSnapshot) =>
  ioThreads(snapshot).reduce((sum, thread) => sum + thread.userSeconds + thread.kernelSeconds, 0);

for (const notifier of READINESS) {
  describe(notifier, () => {
    const start = () =>
      startServer({
        notifier,
        layout: 'homo',
        host: '127.0.0.1',
        sendQueueBytes: 64 * 1024 * 1024,
      });

    const limit = SESSIONS_PER_IO_THREAD[notifier];
    const beyondTheLimit = async (perThread: number) => {
      const server = start();
      try {
        const fleet = startFleet({
          host: '127.0.0.1',
          port: server.port,
          sessions: perThread + 1,
          rampUpSeconds: 1,
          ratePerSecond: 300,
          echoTimeoutMs: 20_000,
        });
        const live = (count: number) => () => server.snapshot().sessions.live === count;
        await until('all are connected', live(perThread + 1), patienceMs);
        assert.equal(ioThreads(server.snapshot()).length, 2);
        await until('echoes', () => fleet.snapshot().ledger.echoed > 300);
        const { ledger, errors } = await fleet.stop({ drainSeconds: 20 });
        await until('all are closed', live(0), patienceMs);
        assert.ok(ledgerBalances(ledger));
        assert.equal(ledger.echoed, ledger.sent);
        for (const count of Object.values(errors)) assert.equal(count, 0, JSON.stringify(errors));
      } finally {
        await server.stop();
      }
    };
    if (limit !== null) {
      test('one session beyond the limit of a thread starts a second thread', () =>
        beyondTheLimit(limit));
    }

    test('a send to a slow peer arrives complete and in order', async () => {
      const server = start();
      try {
        const peer = await Peer.connect(server.port);
        const sent = await block(peer, server);
        peer.socket.on('data', () => {
          peer.socket.pause();
          setImmediate(() => peer.socket.resume());
        });
        peer.socket.resume();
        await takeInOrder(peer, sent);
        peer.socket.end();
        await peer.closed();
        assert.equal(server.snapshot().bytes.sent, sent * FRAME_BYTES);
      } finally {
        await server.stop();
      }
    });

    test('a peer that ends its side and then resets ends its session', async () => {
      const server = start();
      try {
        const peer = await Peer.connect(server.port);
        await block(peer, server);
        peer.socket.end();
        await new Promise((resolve) => peer.socket.once('finish', resolve));
        peer.socket.destroy(); // with echoes not read, which resets the connection
        await until('its session ends', () => server.snapshot().sessions.live === 0);
      } finally {
        await server.stop();
      }
    });

    test('threads without work sleep: with idle sessions, and with a blocked one', async () => {
      const server = start();
      try {
        const peers = await Promise.all(
          Array.from({ length: 20 }, () => Peer.connect(server.port)),
        );
        for (const peer of peers) {
          peer.send(frame(1n));
          await peer.take(64);
        }
        // Little is enough to fail: under Wine most of a busy loop's time is wineserver's.
        const idle = async (what: string) => {
          const before = ioSeconds(server.snapshot());
          await delay(2000);
          const burnt = ioSeconds(server.snapshot()) - before;
          assert.ok(burnt < 0.05, `${what}: ${burnt} s of CPU in two seconds`);
        };
        await idle('20 idle sessions');
        const { received } = server.snapshot().bytes;
        const sent = await block(await Peer.connect(server.port), server);
        await until(
          'what was sent has come',
          () => server.snapshot().bytes.received === received + sent * FRAME_BYTES,
        );
        await idle('and a blocked one');
      } finally {
        await server.stop();
      }
    });
  });
}
