// The fleet against servers that are not ours: Node's `net`, right and wrong ones.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { FleetSnapshot, ledgerBalances, validate } from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { type FleetRequest, startFleet } from '../src/index.ts';
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

for (const [protocol, sizes] of [
  ['echo8', {}],
  ['raw', { minFrameBytes: 1, maxFrameBytes: 2000 }],
] as const) {
  describe(`${protocol} against Node's net`, () => {
    for (const [loop, pacing] of [
      ['open', { ratePerSecond: 400 }],
      ['closed', { pacing: 'closed', loopDelayMs: 5 }],
    ] as const) {
      test(`${loop} loop: every echo comes back unaltered`, async () => {
        const server = await ForeignServer.start();
        const fleet = await load(
          server,
          { protocol, ...sizes, ...pacing, sessions: 20, rampUpSeconds: 0.1, overSend: 4 },
          '600 messages',
          ({ ledger }) => ledger.sent >= 600,
        );
        assertFlawless(fleet);
        assert.ok(!('problems' in validate(FleetSnapshot, fleet)), JSON.stringify(fleet));
        assert.equal(latencies(fleet), fleet.ledger.echoed);
        assert.deepEqual(fleet.measured.stages, [], 'there are no stamps in this protocol');
        assert.equal(fleet.bytes.received, fleet.bytes.sent);
        assert.equal(server.accepted, fleet.sessions.connects);
      });
    }
  });
}

/** Spoils the byte at `at` of the stream. */
function byByte(at: number, spoil: (byte: Buffer) => Buffer): Answer {
  let received = 0;
  return (socket, bytes) => {
    const index = at - received;
    received += bytes.length;
    if (index < 0 || index >= bytes.length) return echo(socket, bytes);
    const byte = spoil(bytes.subarray(index, index + 1));
    socket.write(Buffer.concat([bytes.subarray(0, index), byte, bytes.subarray(index + 1)]));
  };
}

const flipped = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0x40));

const OPEN = { ratePerSecond: 200 };
const CLOSED = { pacing: 'closed' } as const;

type ErrorClass = keyof FleetSnapshot['errors'];
const wrong: readonly [string, ErrorClass, Partial<FleetRequest>, () => Answer][] = [
  [
    'a changed value',
    'corrupt',
    { ...OPEN, protocol: 'echo8' },
    () =>
      byMessage((socket, message, index) =>
        echo(socket, index % 10 === 9 ? flipped(message) : message),
      ),
  ],
  [
    'a message left out',
    'notReceivedInTime',
    { ...OPEN, protocol: 'echo8' },
    () =>
      byMessage((socket, message, index) => {
        if (index % 10 !== 9) echo(socket, message);
      }),
  ],
  [
    'a message twice',
    'duplicate',
    { ...OPEN, protocol: 'echo8' },
    () =>
      byMessage((socket, message, index) =>
        echo(socket, index % 10 === 9 ? Buffer.concat([message, message]) : message),
      ),
  ],
  [
    'two messages swapped',
    'outOfOrder',
    { ...CLOSED, protocol: 'echo8', overSend: 8 },
    () => {
      let held: Buffer | undefined;
      return byMessage((socket, message, index) => {
        if (index % 10 === 8) {
          const kept = Buffer.from(message);
          held = kept;
          // None follows the last one.
          setTimeout(() => {
            if (held !== kept) return;
            held = undefined;
            echo(socket, kept);
          }, 100);
        } else {
          echo(socket, held === undefined ? message : Buffer.concat([message, held]));
          held = undefined;
        }
      });
    },
  ],
  ['a changed byte', 'corrupt', { ...OPEN, protocol: 'raw' }, () => byByte(1000, flipped)],
  [
    'a byte left out',
    'corrupt',
    { ...OPEN, protocol: 'raw' },
    () => byByte(1000, () => Buffer.alloc(0)),
  ],
  [
    'a byte twice',
    'corrupt',
    { ...OPEN, protocol: 'raw' },
    () => byByte(1000, (byte) => Buffer.concat([byte, byte])),
  ],
  [
    'an end left out',
    'notReceivedInTime',
    { ...OPEN, protocol: 'raw' },
    () => {
      let received = 0;
      return (socket, bytes) => {
        received += bytes.length;
        if (received <= 1000) echo(socket, bytes);
      };
    },
  ],
];

describe('errors of a server are detected', () => {
  for (const [what, error, request, answers] of wrong) {
    test(`${request.protocol}, ${what}: ${error}`, async () => {
      const fleet = await load(
        await ForeignServer.start(answers),
        {
          sessions: 5,
          rampUpSeconds: 0,
          overSend: 4,
          minFrameBytes: 64,
          echoTimeoutMs: 300,
          ...request,
        },
        `${error} is counted`,
        ({ errors }) => errors[error] >= 3,
      );
      assertErrors(fleet, { [error]: fleet.errors[error] });
      assert.ok(ledgerBalances(fleet.ledger), JSON.stringify(fleet.ledger));
    });
  }
});

describe('churn', () => {
  for (const abortiveShare of [0, 0.5, 1]) {
    test(`abortiveShare ${abortiveShare}: a server sees as many ends and resets`, async () => {
      const server = await ForeignServer.start();
      const fleet = await load(
        server,
        {
          protocol: 'raw',
          minFrameBytes: 1,
          sessions: 20,
          rampUpSeconds: 0,
          ratePerSecond: 400,
          overSend: 4,
          disconnectsPerSecond: 60,
          abortiveShare,
        },
        '100 sessions ended',
        ({ sessions }) => sessions.disconnects + sessions.aborts >= 100,
      );
      const { connects, disconnects, aborts } = fleet.sessions;
      const context = JSON.stringify({ server, sessions: fleet.sessions });
      assertErrors(fleet, {});
      assert.ok(ledgerBalances(fleet.ledger), JSON.stringify(fleet.ledger));
      assert.equal(server.accepted, connects, context);
      assert.equal(server.ended + server.reset, connects, context);
      // Wine shuts a socket down before it closes it, and now and then a peer sees that end first.
      assert.ok(server.reset <= aborts && server.reset >= 0.9 * aborts, context);
      if (abortiveShare === 0) {
        assert.equal(aborts, 0);
        assert.equal(fleet.ledger.lostOnClose, 0, 'who ends gracefully takes what is on its way');
      }
      if (abortiveShare === 0.5) assert.ok(disconnects > 20 && aborts > 20, context);
      if (abortiveShare === 1) assert.equal(disconnects, 0);
    });
  }
});

test('a message left out is counted, although the fleet resets its sessions', async () => {
  const fleet = await load(
    await ForeignServer.start(() =>
      byMessage((socket, message, index) => {
        if (index % 10 !== 2) echo(socket, message);
      }),
    ),
    {
      protocol: 'echo8',
      sessions: 20,
      rampUpSeconds: 0,
      ratePerSecond: 2000,
      overSend: 16,
      disconnectsPerSecond: 60,
      abortiveShare: 1,
    },
    'some are counted',
    ({ errors }) => errors.notReceivedInTime >= 3,
  );
  assertErrors(fleet, { notReceivedInTime: fleet.errors.notReceivedInTime });
});

test('a server that never ends its side is an error of each session that the fleet ended', async () => {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('data', (bytes) => socket.write(bytes));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const fleet = startFleet({
    host: '127.0.0.1',
    port,
    protocol: 'raw',
    minFrameBytes: 1,
    sessions: 10,
    rampUpSeconds: 0,
    ratePerSecond: 100,
    disconnectsPerSecond: 50,
    abortiveShare: 0,
    connectTimeoutMs: 60_000, // longer than the run
  });
  try {
    await until('some sessions ended', () => fleet.snapshot().sessions.disconnects >= 4);
    const { errors, sessions } = await fleet.stop({ drainSeconds: 0 });
    assert.equal(errors.connectTimedOut, sessions.disconnects);
    assert.match(fleet.firstErrors()[0]?.what ?? '', /the server did not end its side in time/);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

test('a stop during the connects: accepted connections are counted as connected', async () => {
  const server = await ForeignServer.start();
  const fleet = startFleet({
    host: '127.0.0.1',
    port: server.port,
    protocol: 'echo8',
    sessions: 300,
    rampUpSeconds: 0,
    ratePerSecond: 1,
  });
  // No event comes meanwhile, so that the stop does not come too late.
  while (fleet.snapshot().sessions.connects === 0);
  const { sessions } = await fleet.stop();
  await until('every connection closed', () => server.closed === server.accepted);
  await server.stop();
  assert.ok(sessions.connects > 0);
  assert.equal(server.accepted, sessions.connects);
  assert.equal(sessions.live, 0);
});
