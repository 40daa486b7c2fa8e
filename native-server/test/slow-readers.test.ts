// Sessions of a fleet that read slowly on purpose, against servers of Node's `net`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ledgerBalances } from '@oversoak/contracts';
import {
  type Answer,
  assertErrors,
  assertFlawless,
  byMessage,
  echo,
  ForeignServer,
  latencies,
  load,
} from './foreign.ts';

describe('slow readers', () => {
  test('slow readers keep their rate, and at the end every byte is verified', async () => {
    const server = await ForeignServer.start();
    const bytesPerSecond = 100_000;
    let begun: { atMs: number; bytes: number } | undefined;
    let measured = 0;
    const fleet = await load(
      server,
      {
        protocol: 'raw',
        sessions: 2,
        rampUpSeconds: 0,
        pacing: 'closed',
        minFrameBytes: 2000,
        maxFrameBytes: 4000,
        overSend: 256,
        // Most take seconds to be read; a busy server of Node's needs some of it for its first.
        echoTimeoutMs: 1000,
        slowReaders: { share: 1, bytesPerSecond },
      },
      'two seconds of reading',
      ({ bytes }) => {
        const atMs = performance.now();
        // What the system's buffers hold at first is read at the pace as well.
        if (bytes.received > 0) begun ??= { atMs, bytes: bytes.received };
        if (begun === undefined || atMs - begun.atMs < 2000) return false;
        measured = (1000 * (bytes.received - begun.bytes)) / (atMs - begun.atMs) / 2;
        return true;
      },
    );
    assert.ok(
      measured > bytesPerSecond / 1.5 && measured < bytesPerSecond * 1.5,
      `${measured} bytes/s`,
    );
    assertFlawless(fleet);
    assert.ok(fleet.bytes.received > 1_000_000, 'more was on its way than they had read');
    assert.equal(fleet.sessions.slowReaders, 2);
    assert.equal(latencies(fleet), 0);
  });

  test('latency covers only the other sessions', async () => {
    const fleet = await load(
      await ForeignServer.start(),
      {
        protocol: 'echo8',
        sessions: 5,
        rampUpSeconds: 0,
        ratePerSecond: 250,
        overSend: 200,
        echoTimeoutMs: 500,
        // A message waits for longer and longer.
        slowReaders: { share: 0.3, bytesPerSecond: 100 },
      },
      '500 messages',
      ({ ledger }) => ledger.sent >= 500,
    );
    assertFlawless(fleet);
    assert.equal(fleet.sessions.slowReaders, 2);
    const share = latencies(fleet) / fleet.ledger.echoed;
    assert.ok(share > 0.5 && share < 0.7, `${share} of the echoes have a latency`);
  });

  test('a server that closes a slow reader is counted', async () => {
    const answer: Answer = (socket, bytes) => {
      echo(socket, bytes);
      if (socket.writableLength > 65_536) socket.destroy();
    };
    const fleet = await load(
      await ForeignServer.start(() => answer),
      {
        protocol: 'raw',
        sessions: 2,
        rampUpSeconds: 0,
        pacing: 'closed',
        // More than the buffers of any system hold (about 4 MB were seen): Wine 10 takes 3 MB at
        // once, and the server has then nothing that waits.
        minFrameBytes: 12_000,
        maxFrameBytes: 16_000,
        overSend: 1000,
        slowReaders: { share: 0.5, bytesPerSecond: 10_000 },
      },
      'it is closed',
      ({ errors }) => errors.disconnectedByServer > 0,
    );
    assertErrors(fleet, { disconnectedByServer: fleet.errors.disconnectedByServer });
    assert.ok(ledgerBalances(fleet.ledger), JSON.stringify(fleet.ledger));
    assert.ok(fleet.ledger.lostOnClose > 0);
  });

  for (const [what, answers] of [
    [
      'leaves messages out',
      () =>
        byMessage((socket, message, index) => {
          if (index % 10 !== 9) echo(socket, message);
        }),
    ],
    ['sends less than half of what they read', drip],
  ] as const) {
    test(`a server that ${what} is counted`, async () => {
      const fleet = await load(
        await ForeignServer.start(answers),
        {
          protocol: 'echo8',
          sessions: 2,
          rampUpSeconds: 0,
          ratePerSecond: 200,
          overSend: 1024, // they never have to stop sending
          echoTimeoutMs: 500,
          slowReaders: { share: 1, bytesPerSecond: 500 },
        },
        'some are counted',
        ({ errors }) => errors.notReceivedInTime >= 3,
      );
      assertErrors(fleet, { notReceivedInTime: fleet.errors.notReceivedInTime });
    });
  }

  test('a server that owes echoes when it ends its side is counted', async () => {
    const fleet = await load(
      await ForeignServer.start(() => {
        let owed = Buffer.alloc(0);
        return (socket, bytes) => {
          owed = Buffer.concat([owed, bytes]);
          setTimeout(() => {
            if (socket.writable) socket.write(owed.subarray(0, bytes.length));
            owed = owed.subarray(bytes.length);
          }, 100);
        };
      }),
      {
        protocol: 'raw',
        minFrameBytes: 32,
        sessions: 10,
        rampUpSeconds: 0,
        ratePerSecond: 400,
        overSend: 64,
        disconnectsPerSecond: 20,
        slowReaders: { share: 1, bytesPerSecond: 100_000 },
      },
      'some are counted',
      ({ errors }) => errors.notReceivedInTime >= 3,
    );
    assert.equal(fleet.errors.corrupt, 0);
  });

  test('a server that stops for good is counted by the drain, however long an echo may take', async () => {
    let answered = 0;
    const server = await ForeignServer.start(() => (socket, bytes) => {
      answered += 1;
      if (answered <= 50) echo(socket, bytes);
    });
    const fleet = await load(
      server,
      {
        protocol: 'echo8',
        sessions: 2,
        rampUpSeconds: 0,
        ratePerSecond: 100,
        overSend: 256,
        slowReaders: { share: 1, bytesPerSecond: 100_000 },
      },
      'messages without an echo',
      ({ ledger }) => ledger.inFlight >= 20,
    );
    assertErrors(fleet, { notReceivedInTime: fleet.ledger.sent - fleet.ledger.echoed });
  });

  test('a sound server is not, however slowly they read', async () => {
    const fleet = await load(
      await ForeignServer.start(),
      {
        protocol: 'raw',
        minFrameBytes: 32,
        sessions: 4,
        rampUpSeconds: 0,
        ratePerSecond: 40,
        overSend: 64,
        echoTimeoutMs: 300,
        slowReaders: { share: 1, bytesPerSecond: 1 },
      },
      'three seconds',
      ({ elapsedSeconds }) => elapsedSeconds >= 3,
    );
    assertFlawless(fleet);
  });
});

/** Answers with 100 bytes a second, a few at a time. */
function drip(): Answer {
  let unsent = Buffer.alloc(0);
  let timer: NodeJS.Timeout | undefined;
  return (socket, bytes) => {
    unsent = Buffer.concat([unsent, bytes]);
    timer ??= setInterval(() => {
      if (socket.destroyed) return clearInterval(timer);
      socket.write(unsent.subarray(0, 2));
      unsent = unsent.subarray(2);
    }, 20);
    socket.once('close', () => clearInterval(timer));
  };
}
