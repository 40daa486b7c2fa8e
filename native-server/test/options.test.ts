import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import {
  Capabilities,
  histogramText,
  LAYOUTS,
  ledgerBalances,
  loadBalances,
  NOTIFIERS_OF,
  readHistogram,
  type ServerOptions,
  validate,
} from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { capabilities, platform, startFleet, startServer, version } from '../src/index.ts';
import { here, WORKING } from './notifiers.ts';

test('capabilities name the platform and prove every notifier', () => {
  const found = capabilities();
  assert.deepEqual(validate(Capabilities, found), { value: found });
  assert.equal(found.platform, platform);
  assert.deepEqual(
    found.notifiers.map(({ name, works }) => ({ name, works })),
    NOTIFIERS_OF[platform].map((name) => ({ name, works: WORKING.includes(name) })),
  );
  assert.deepEqual(found.layouts, [...LAYOUTS]);
  assert.match(version, /^\d+\.\d+\.\d+$/);
});

for (const [wrong, message] of [
  [{ notifier: 'kqueue' }, /\/notifier: must be one of iocp, completion-routine, event/],
  [
    { notifier: platform === 'windows' ? 'epoll' : 'event' },
    platform === 'windows'
      ? /\/notifier: epoll is of linux, and this is windows; valid: iocp, completion-routine/
      : /\/notifier: event is of windows, and this is linux; valid: epoll, io-uring$/,
  ],
  [{ layout: 'hexa' }, /\/layout: must be one of homo/],
  [{ colour: 'red' }, /\/colour: unknown property "colour"; valid: notifier, layout, host/],
  [{ threads: { io: 0 } }, /\/threads\/io: must be >= 1/],
  [
    { game: { contents: [{ name: 'lobby', moves: { pub: 0.1 } }] } },
    /\/game\/contents\/0\/moves\/pub: unknown content "pub"; valid: lobby/,
  ],
  [
    {
      game: {
        contents: [{ name: 'a', moves: { b: 0.7, c: 0.4 } }, { name: 'b' }, { name: 'c' }],
      },
    },
    /\/game\/contents\/0\/moves: the probabilities add up to 1\.1; at most 1/,
  ],
  [
    { game: { contents: [{ name: 'lobby', workUs: 100_001 }] } },
    /\/game\/contents\/0\/workUs: must be <= 100000/,
  ],
  [{ game: { containerLock: 'spin' } }, /containerLock: must be one of mutex, srwlock, sharded/],
  [
    { fault: { stallContent: { content: 'arena', every: 1, stallMs: 1 } } },
    /\/fault\/stallContent\/content: unknown content "arena"; valid: lobby, pvp, dungeon/,
  ],
  [{ iocp: { inline: 1 } }, /\/iocp\/inline: unknown property "inline"; valid: skipCompletion/],
  [{ fault: { dropEvery: 0 } }, /\/fault\/dropEvery: must be >= 1/],
] as const) {
  test(`startServer refuses ${JSON.stringify(wrong)}`, () => {
    const options = {
      notifier: here('iocp'),
      layout: 'homo',
      ...wrong,
    } as unknown as ServerOptions;
    assert.throws(() => startServer(options), { name: 'TypeError', message });
  });
}

for (const [wrong, message] of [
  [{ sessions: 0 }, /\/sessions: must be >= 1/],
  [{ pacing: 'bursts' }, /\/pacing: must be one of constant, poisson, closed/],
  [{ ratePerSecond: undefined }, /\/ratePerSecond: is required when pacing is "constant"/],
  [{ pacing: 'closed' }, /\/ratePerSecond: is for open loop only/],
  [{ loopDelayMs: 5 }, /\/loopDelayMs: is for closed loop only/],
  [{ minFrameBytes: 512 }, /\/minFrameBytes: must be <= maxFrameBytes, which is 256/],
  [{ minFrameBytes: 63 }, /\/minFrameBytes: must be >= 64 under the protocol "oversoak"/],
  [{ protocol: 'echo9' }, /\/protocol: must be one of oversoak, echo8, raw/],
  [{ protocol: 'raw', responseBytes: 64 }, /\/responseBytes: is for the protocol "oversoak" only/],
  [{ responseBytes: { min: 128, max: 64 } }, /\/responseBytes\/min: must be <= max, which is 64/],
  [{ abortiveShare: 1.5 }, /\/abortiveShare: must be <= 1/],
  [{ slowReaders: { share: 1 } }, /\/slowReaders\/bytesPerSecond: is required/],
] as const) {
  test(`startFleet refuses ${JSON.stringify(wrong)}`, () => {
    const options = { host: '127.0.0.1', port: 1, sessions: 1, ratePerSecond: 1 };
    assert.throws(() => startFleet(Object.assign(options, wrong)), { name: 'TypeError', message });
  });
}

test('a host that is no address is refused', () => {
  const fleet = { host: 'localhost', port: 1, sessions: 1, ratePerSecond: 1 };
  assert.throws(() => startFleet(fleet), /host: "localhost" is not an address of IPv4 or IPv6/);
  for (const host of ['localhost', '[::1]', 'fe80::1%eth0']) {
    const server = { notifier: here('iocp'), layout: 'homo', host } as const;
    const message = `host: "${host}" is not an address of IPv4 or IPv6`;
    assert.throws(() => startServer(server), { message });
  }
});

test('a port in use is an error that names the port', async () => {
  const first = startServer({ notifier: here('iocp'), layout: 'homo', host: '127.0.0.1' });
  const second = {
    notifier: here('iocp'),
    layout: 'homo',
    host: '127.0.0.1',
    port: first.port,
  } as const;
  assert.throws(
    () => startServer(second),
    /cannot (bind|listen on) 127\.0\.0\.1:\d+: (WSAE|EADDRINUSE)/,
  );
  await first.stop();
});

test('failed connects are counted and retried', async () => {
  // A port that nobody listens on: one that was just given back.
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  await new Promise((resolve) => server.close(resolve));

  const fleet = startFleet({
    host: '127.0.0.1',
    port: address.port,
    sessions: 3,
    rampUpSeconds: 0,
    ratePerSecond: 90,
  });
  await until('each tried twice', () => fleet.snapshot().errors.connectFailed >= 6);
  const final = await fleet.stop();
  assert.equal(final.sessions.connects, 0);
  assert.ok(ledgerBalances(final.ledger));
  const { load } = final.measured;
  assert.ok(loadBalances(load), JSON.stringify(load));
  assert.ok(load.due > 60, 'what is due does not wait for a session');
  // On a busy machine the fleet's own thread stands still for some of them.
  const { connecting, fleet: own } = load.unsent;
  assert.equal(connecting + own, load.due);
  assert.ok(connecting > load.due / 2, JSON.stringify(load));
});

test('a server that answers too slowly holds messages back, and they are counted', async () => {
  const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const address = silent.address();
  assert.ok(typeof address === 'object' && address !== null);
  const fleet = startFleet({
    host: '127.0.0.1',
    port: address.port,
    sessions: 2,
    rampUpSeconds: 0,
    ratePerSecond: 100,
    overSend: 2,
    echoTimeoutMs: 60_000,
  });
  const waiting = () => {
    const { load } = fleet.snapshot().measured;
    return load.due - load.sent;
  };
  // On a busy machine what is due while the fleet's own thread stands still is not held.
  await until('messages are held', () => waiting() > 400);
  const final = await fleet.stop({ drainSeconds: 0.1 });
  silent.close();
  assert.deepEqual(final.ledger, { sent: 4, echoed: 0, inFlight: 4, lostOnClose: 0 });
  const { load, latency } = final.measured;
  assert.ok(loadBalances(load), JSON.stringify(load));
  assert.deepEqual([load.sent, load.unanswered], [4, 4]);
  assert.equal(load.unsent.held, load.due - 4 - load.unsent.connecting - load.unsent.fleet);
  assert.ok(load.unsent.held > 50, JSON.stringify(load));
  assert.equal(final.errors.notReceivedInTime, 4, 'what had not come when the drain was over');
  const ages = readHistogram(histogramText(latency.intended));
  assert.equal(ages.totalCount, load.unanswered + load.unsent.held - load.disturbed);
});
