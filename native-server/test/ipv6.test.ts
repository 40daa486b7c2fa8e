// Servers and fleets over IPv6, with every notifier of the platform.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import type { FleetSnapshot } from '@oversoak/contracts';
import { skipWithoutIpv6 } from '@oversoak/testing/peers/ipv6';
import { until } from '@oversoak/testing/waiting/until';
import { startFleet, startServer } from '../src/index.ts';
import { assertFlawless } from './accounts.ts';
import { echo, ForeignServer, load } from './foreign.ts';
import { here, WORKING } from './notifiers.ts';
import { soak } from './soak.ts';

const skip = await skipWithoutIpv6();

const fleetErrors = ({ errors }: FleetSnapshot) =>
  Object.entries(errors).filter(([, count]) => count > 0);

const LOAD = { sessions: 20, rampUpSeconds: 0, ratePerSecond: 400 };
describe('over IPv6', { skip }, () => {
  for (const notifier of WORKING) {
    test(`${notifier}: every echo comes back`, async () => {
      assertFlawless(await soak({ notifier, layout: 'homo', host: '::1' }, LOAD, 400));
    });
  }

  test('a fleet loads a server that is not ours', async () => {
    const server = await ForeignServer.start(() => echo, '::1');
    const raw = { ...LOAD, protocol: 'raw', minFrameBytes: 10 } as const;
    const fleet = await load(server, raw, '400 echoes', ({ ledger }) => ledger.echoed >= 400);
    assert.deepEqual(fleetErrors(fleet), []);
    assert.equal(fleet.ledger.echoed, fleet.ledger.sent);
  });

  test('a fleet that churns connects again and again', async () => {
    const server = { notifier: here('iocp'), layout: 'homo', host: '::1' } as const;
    const churn = { ...LOAD, disconnectsPerSecond: 100, abortiveShare: 0.5 };
    const { fleet } = await soak(server, churn, 400);
    assert.deepEqual(fleetErrors(fleet), []);
    assert.ok(fleet.sessions.connects > 2 * LOAD.sessions, String(fleet.sessions.connects));
  });

  test('a refused connection and a bad peer are told with their addresses', async () => {
    const server = startServer({ notifier: here('iocp'), layout: 'homo', host: '::1' });
    const socket = connect({ host: '::1', port: server.port });
    await once(socket, 'connect');
    const peer = `[::1]:${socket.localPort}`;
    socket.end(Buffer.from([0xff, 0xff]));
    await once(socket.resume(), 'close');
    assert.deepEqual(
      server.firstErrors().map((each) => [each.class, each.peer]),
      [['oversizedFrame', peer]],
    );
    await server.stop();
    const fleet = startFleet({ ...LOAD, host: '::1', port: server.port, sessions: 1 });
    await until('it is refused', () => fleet.snapshot().errors.connectFailed > 0);
    await fleet.stop({ drainSeconds: 0 });
    assert.match(fleet.firstErrors()[0]?.code ?? '', /^(WSA)?ECONNREFUSED \(\d+\)$/);
  });

  test('a server on every address of IPv6 takes no IPv4', async () => {
    const server = startServer({ notifier: here('iocp'), layout: 'homo', host: '::' });
    try {
      const sixth = connect({ host: '::1', port: server.port });
      await once(sixth, 'connect');
      sixth.destroy();
      const fourth = connect({ host: '127.0.0.1', port: server.port });
      const [error] = await once(fourth, 'error');
      assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
    } finally {
      await server.stop();
    }
  });

  test('an address in use is named with its brackets', async () => {
    const server = startServer({ notifier: here('iocp'), layout: 'homo', host: '::1' });
    const again = { notifier: here('iocp'), layout: 'homo', host: '::1' } as const;
    const named = new RegExp(`cannot (bind|listen on) \\[::1\\]:${server.port}: `);
    assert.throws(() => startServer({ ...again, port: server.port }), named);
    await server.stop();
  });
});
