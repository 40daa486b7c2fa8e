// Plain peers, sound and not, with every valid pair of notifier and layout.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ledgerBalances } from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { runProbe, startFleet, startServer } from '../src/index.ts';
import { block, PAYLOAD, takeInOrder } from './blocked.ts';
import { GAME } from './game.ts';
import { PAIRS, READINESS } from './notifiers.ts';
import { Peer } from './peer.ts';
import { frame, readFrame } from './wire.ts';

/** Why no server of non-blocking sends can send everything here; false: the system loses nothing. */
async function whatTheSystemLoses(): Promise<string | false> {
  const { name, evidence } = await runProbe('send-outlives-the-peers-end');
  const bytes = (figure: string) =>
    evidence.find((each) => each.row === 'non-blocking' && each.name === figure)?.value ?? 0;
  const lost = bytes('acceptedBytes') - bytes('arrivedBytes');
  return lost > 0 && `the system loses ${lost} bytes of a send that it accepted: probe ${name}`;
}
const loses = await whatTheSystemLoses();

for (const valid of PAIRS) {
  describe(`${valid.notifier} with ${valid.layout}`, () => {
    const pair = { ...valid, game: GAME };

    test('fragmented and coalesced frames', async () => {
      const server = startServer({ ...pair, host: '127.0.0.1' });
      try {
        const peer = await Peer.connect(server.port);
        const payload = Buffer.from('a message in two pieces');
        const first = frame(1n, payload);
        peer.send(first.subarray(0, 33));
        await until('the first piece has come', () => server.snapshot().bytes.received === 33);
        peer.send(first.subarray(33));
        const echo = readFrame(await peer.take(first.length));
        assert.equal(echo.sequence, 1n);
        assert.deepEqual(echo.payload, payload);
        assert.ok((echo.stampsNs[0] ?? 0n) > 0n);
        assert.deepEqual(
          echo.stampsNs,
          echo.stampsNs.toSorted((a, b) => (a < b ? -1 : 1)),
        );

        peer.send(Buffer.concat([frame(2n), frame(3n, payload), frame(4n)]));
        for (const [sequence, size] of [
          [2n, 64],
          [3n, 64 + payload.length],
          [4n, 64],
        ] as const) {
          assert.equal(readFrame(await peer.take(size)).sequence, sequence);
        }
        peer.socket.end();
        await peer.closed();
      } finally {
        const figures = await server.stop();
        assert.equal(figures.frames.echoed, 4);
      }
    });

    for (const [error, bytes] of [
      ['malformedFrame', Buffer.from([3, 0, 0, 0])],
      ['oversizedFrame', Buffer.from([0xff, 0xff])],
      ['checksumMismatch', Buffer.from(frame(9n).fill(1, 20, 21))],
    ] as const) {
      test(`${error} closes its session and affects no other`, async () => {
        const server = startServer({ ...pair, host: '127.0.0.1' });
        try {
          const [good, bad] = [await Peer.connect(server.port), await Peer.connect(server.port)];
          const peer = `127.0.0.1:${bad.socket.localPort}`;
          bad.send(bytes);
          await bad.closed();
          good.send(frame(5n));
          assert.equal(readFrame(await good.take(64)).sequence, 5n);
          const { errors } = server.snapshot();
          assert.equal(errors[error], 1);
          assert.equal(
            Object.values(errors).reduce((sum, count) => sum + count),
            1,
          );
          const [known, ...more] = server.firstErrors();
          assert.deepEqual(more, []);
          assert.deepEqual([known?.class, known?.peer, known?.message], [error, peer, 0]);
          assert.equal(known?.gotHex, bytes.toString('hex', 0, 32));
          assert.ok([0, 1].includes(known?.session ?? -1), String(known?.session));
          good.socket.end();
        } finally {
          await server.stop();
        }
      });
    }

    test('a peer that resets is counted and affects no other', async () => {
      const server = startServer({ ...pair, host: '127.0.0.1' });
      try {
        const [good, bad] = [await Peer.connect(server.port), await Peer.connect(server.port)];
        const from = `127.0.0.1:${bad.socket.localPort}`;
        bad.send(frame(1n));
        await bad.take(64);
        bad.socket.resetAndDestroy();
        await until('one session left', () => server.snapshot().sessions.live === 1);
        good.send(frame(5n));
        assert.equal(readFrame(await good.take(64)).sequence, 5n);
        assert.equal(server.snapshot().errors.peerReset, 1);
        const [known] = server.firstErrors();
        assert.deepEqual([known?.class, known?.peer], ['peerReset', from]);
        assert.match(known?.code ?? '', /^(WSAE|E|ERROR_)[A-Z_]+ \(\d+\)$/);
        good.socket.end();
      } finally {
        await server.stop();
      }
    });

    test('a peer that does not read is closed when its send queue is full, the others are served', async () => {
      const server = startServer({ ...pair, host: '127.0.0.1', sendQueueBytes: 1_048_576 });
      try {
        const peer = await Peer.connect(server.port);
        peer.socket.pause();
        // Half a queue at a time, so that nothing overflows before a send has gone pending.
        const half = Buffer.concat(
          Array.from({ length: 128 }, () => frame(1n, Buffer.alloc(4000))),
        );
        for (let fed = half.length; server.snapshot().sends.pending === 0; fed += half.length) {
          peer.send(half);
          await until('it was sent, or is not taken', () => {
            const { bytes, sends } = server.snapshot();
            return bytes.sent === fed || sends.pending > 0;
          });
        }
        assert.equal(server.snapshot().errors.sendOverflow, 0);
        const feed = () => {
          peer.socket.write(half, (error) => error ?? setImmediate(feed));
        };
        feed();
        // `event` waits for the send alone meanwhile: what else arrived is seen when another wakes it.
        const other = await Peer.connect(server.port);
        for (let sequence = 1n; sequence < 20_000n; ++sequence) {
          if (server.snapshot().sessions.closed > 0) break;
          other.send(frame(sequence));
          assert.equal(readFrame(await other.take(64)).sequence, sequence);
        }
        peer.socket.destroy();
        const { errors, sends } = server.snapshot();
        assert.equal(errors.sendOverflow, 1);
        assert.ok(sends.pending > 0, 'the send that the peer does not take goes pending');
      } finally {
        await server.stop();
      }
    });

    const skip = READINESS.includes(valid.notifier) && loses;
    test('a peer that ends its side gets every echo, those of a blocked send too', {
      skip,
    }, async () => {
      const server = startServer({ ...pair, host: '127.0.0.1', sendQueueBytes: 64 * 1024 * 1024 });
      try {
        const burst = await Peer.connect(server.port);
        burst.send(Buffer.concat([0n, 1n, 2n, 3n].map((sequence) => frame(sequence, PAYLOAD))));
        burst.socket.end();
        await takeInOrder(burst, 4);
        await burst.closed();

        const blocked = await Peer.connect(server.port);
        const sent = await block(blocked, server);
        blocked.socket.end();
        blocked.socket.resume();
        await takeInOrder(blocked, sent);
        await blocked.closed();
        const { errors } = server.snapshot();
        for (const count of Object.values(errors)) assert.equal(count, 0, JSON.stringify(errors));
      } finally {
        await server.stop();
      }
    });

    test('a server that stops under load closes everything, and the fleet reports it', async () => {
      const server = startServer({ ...pair, host: '127.0.0.1' });
      const fleet = startFleet({
        host: '127.0.0.1',
        port: server.port,
        sessions: 30,
        rampUpSeconds: 0,
        pacing: 'closed',
        overSend: 4,
      });
      await until('load', () => fleet.snapshot().ledger.echoed > 200);
      const stopped = await server.stop();
      assert.equal(stopped.sessions.live, 0);
      assert.equal(await server.stop(), stopped, 'a second stop answers the same');
      await until('all noticed', () => fleet.snapshot().sessions.live === 0);
      const final = await fleet.stop({ drainSeconds: 0 });
      assert.ok(ledgerBalances(final.ledger), JSON.stringify(final.ledger));
      assert.ok(final.errors.disconnectedByServer >= 30);
    });
  });
}
