// The first errors that a fleet and a server report, over real sockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import {
  ErrorEvidence,
  errorEvidenceText,
  FIRST_ERRORS_OF_CLASS,
  FLEET_ERROR_CLASSES,
  type NativeErrorEvidence,
} from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { Value } from 'typebox/value';
import { type FleetHandle, type FleetRequest, startFleet, startServer } from '../src/index.ts';
import { GAME } from './game.ts';
import { here } from './notifiers.ts';
import { Peer } from './peer.ts';

const LOAD = {
  host: '127.0.0.1',
  sessions: 10,
  rampUpSeconds: 0,
  ratePerSecond: 400,
} satisfies Partial<FleetRequest>;

/** As the agent completes it: what the API declares. */
function whole({ atMachineMs, ...known }: NativeErrorEvidence): ErrorEvidence {
  const evidence = { peer: '127.0.0.1:1', ...known, sinceStartSeconds: atMachineMs / 1000 };
  assert.ok(Value.Check(ErrorEvidence, evidence), JSON.stringify(evidence));
  return evidence;
}

async function errorsOf(request: FleetRequest, until_: (fleet: FleetHandle) => boolean) {
  const fleet = startFleet(request);
  try {
    await until('the fleet has seen it', () => until_(fleet), 60_000);
  } finally {
    await fleet.stop({ drainSeconds: 1 });
  }
  return { first: fleet.firstErrors(), counts: fleet.snapshot().errors };
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('a corrupt echo is reported with its wrong byte, the sent bytes and the received ones', async () => {
  const server = startServer({
    host: '127.0.0.1',
    ...{ notifier: here('iocp'), layout: 'homo', fault: { corruptEvery: 20 } },
  });
  try {
    const request = { ...LOAD, port: server.port };
    const { first, counts } = await errorsOf(request, (fleet) => {
      return fleet.snapshot().errors.corrupt > FIRST_ERRORS_OF_CLASS;
    });
    const corrupt = first.filter((each) => each.class === 'corrupt');
    assert.equal(corrupt.length, FIRST_ERRORS_OF_CLASS, `of ${counts.corrupt}`);
    for (const each of corrupt) {
      const { expectedHex = '', gotHex = '', offset = 0 } = whole(each);
      // The planted fault turns the lowest bit of the last byte.
      assert.equal(expectedHex.length, 2, errorEvidenceText(whole(each)));
      assert.equal(Number.parseInt(expectedHex, 16) ^ Number.parseInt(gotHex.slice(0, 2), 16), 1);
      assert.ok(offset >= 60 && each.message !== undefined && each.localPort !== undefined);
      assert.equal(each.what, 'bytes that do not match their checksum');
    }
    const times = first.map(({ atMachineMs }) => atMachineMs);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  } finally {
    await server.stop();
  }
});

test('a failed connect is reported with the name of the system error', async () => {
  const request = { ...LOAD, port: await closedPort() };
  const { first, counts } = await errorsOf(request, (fleet) => {
    return fleet.snapshot().errors.connectFailed >= LOAD.sessions;
  });
  assert.ok(counts.connectFailed >= LOAD.sessions);
  assert.equal(first.length, FIRST_ERRORS_OF_CLASS);
  for (const each of first) {
    assert.match(whole(each).code ?? '', /^(WSA)?ECONNREFUSED \(\d+\)$/);
    assert.equal(each.class, 'connectFailed');
  }
});

for (const [how, told] of [
  ['end', /: the server ended its side/],
  ['resetAndDestroy', /, (WSA)?ECONNRESET \(\d+\), expected message 0$/],
] as const) {
  test(`a server that ends a session by ${how} is reported as such`, async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => void socket[how]());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const seen = (fleet: FleetHandle) => fleet.snapshot().errors.disconnectedByServer >= 10;
    const { first } = await errorsOf({ ...LOAD, port }, seen);
    for (const socket of sockets) socket.destroy();
    server.close();
    const disconnects = first.filter((each) => each.class === 'disconnectedByServer');
    assert.equal(disconnects.length, FIRST_ERRORS_OF_CLASS);
    const texts = disconnects.map((each) => errorEvidenceText(whole(each)));
    assert.ok(
      texts.some((text) => told.test(text)),
      texts.join('\n'),
    );
    assert.ok(first.every((each) => each.class in FLEET_ERROR_CLASSES));
  });
}

for (const protocol of ['oversoak', 'echo8'] as const) {
  test(`${protocol}: an answer that the server's end cuts off is reported with its bytes`, async (t) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => socket.end(bytes.subarray(0, 4)));
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const seen = (fleet: FleetHandle) => fleet.snapshot().errors.disconnectedByServer > 0;
    const { first } = await errorsOf({ ...LOAD, port, protocol }, seen);
    const cut = first.find((each) => each.class === 'disconnectedByServer');
    assert.ok(cut !== undefined);
    assert.match(
      errorEvidenceText(whole(cut)),
      /: the server ended its side within a message, expected message 0, got [0-9a-f]{8}$/,
    );
  });
}

for (const protocol of ['oversoak', 'echo8', 'raw'] as const) {
  test(`${protocol}: a byte that nobody asked for is corrupt, also at the end of a session`, async (t) => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => socket.write(bytes));
      socket.on('end', () => socket.end('x'));
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const seen = ({ sessions }: ReturnType<FleetHandle['snapshot']>) => sessions.disconnects > 8;
    const request = { ...LOAD, port, protocol, disconnectsPerSecond: 40 };
    const { first, counts } = await errorsOf(request, (fleet) => seen(fleet.snapshot()));
    assert.ok(counts.corrupt > 4, JSON.stringify(counts));
    assert.deepEqual(counts, { ...counts, notReceivedInTime: 0, disconnectedByServer: 0 });
    const told = first.filter((each) => each.class === 'corrupt').map(whole);
    for (const each of told) assert.equal(each.gotHex, '78');
    if (protocol === 'raw') return;
    assert.match(
      errorEvidenceText(told[0] as ErrorEvidence),
      /: the server ended its side behind bytes that are no whole message, got 78$/,
    );
  });
}

test('a server keeps the first of its errors, each with its own session and peer', async () => {
  const server = startServer({ host: '127.0.0.1', notifier: here('iocp'), layout: 'homo' });
  try {
    const peers: string[] = [];
    for (let bad = 0; bad < 2 * FIRST_ERRORS_OF_CLASS; bad += 1) {
      const peer = await Peer.connect(server.port);
      peers.push(`127.0.0.1:${peer.socket.localPort}`);
      peer.send(Buffer.from([0xff, 0xff]));
      await peer.closed();
    }
    assert.equal(server.snapshot().errors.oversizedFrame, peers.length);
    const first = server.firstErrors().map(whole);
    assert.deepEqual(
      first.map(({ peer }) => peer),
      peers.slice(0, FIRST_ERRORS_OF_CLASS),
    );
    assert.equal(new Set(first.map(({ session }) => session)).size, FIRST_ERRORS_OF_CLASS);
    const [oldest] = first;
    assert.ok(oldest !== undefined);
    assert.match(
      errorEvidenceText(oldest),
      /, session 0, peer 127.0.0.1:\d+: a frame longer than maxFrameBytes, message 0, got ffff$/,
    );
  } finally {
    await server.stop();
  }
  assert.equal(server.firstErrors().length, FIRST_ERRORS_OF_CLASS, 'also after the stop');
});

test('what content threads count is told with session, peer and message', async () => {
  const server = startServer({
    ...{ host: '127.0.0.1', notifier: here('iocp'), layout: 'hetero', game: GAME },
    fault: { misrouteEvery: 5 },
  });
  try {
    await errorsOf({ ...LOAD, port: server.port }, () => {
      return server.snapshot().errors.wrongOwner > FIRST_ERRORS_OF_CLASS;
    });
    const first = server.firstErrors().filter((each) => each.class === 'wrongOwner');
    assert.equal(first.length, FIRST_ERRORS_OF_CLASS);
    for (const each of first) {
      const { session = -1, message, what } = whole(each);
      assert.ok(session >= 0 && session < LOAD.sessions && message !== undefined);
      assert.match(each.peer ?? '', /^127\.0\.0\.1:\d+$/);
      assert.equal(what, 'handled by a thread that does not own the player');
    }
  } finally {
    await server.stop();
  }
});
