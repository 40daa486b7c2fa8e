import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { leaseKey, type Registration, registrationKey, stoppedKey } from '@oversoak/contracts';
import { capabilities } from '@oversoak/testing/dry/engine';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Redis } from 'ioredis';
import { AgentIdInUse, Lease } from '../../src/redis/registration.ts';

const LEASE_MS = 1_000;

function registration(agentId: string, incarnation: string): Registration {
  return {
    agentId,
    incarnation,
    labels: {},
    slots: 1,
    advertisedHost: '127.0.0.1',
    allowsFaults: false,
    targets: [],
    clientPorts: { budget: 25_408, timeWaitSeconds: 60 },
    environment: {
      hostname: 'host',
      cpuModel: 'cpu',
      memoryBytes: 1,
      nodeVersion: process.version,
      addonVersion: '0.0.0',
      capabilities: capabilities(),
    },
  };
}

const unexpected = (error: AgentIdInUse): void => {
  throw error;
};

describe('the lease', () => {
  let server: RedisServer;
  let redis: Redis;
  const lease = (agentId: string, incarnation: string, onLost = unexpected) =>
    new Lease(
      redis,
      registration(agentId, incarnation),
      { leaseMs: LEASE_MS, isEnrolled: false },
      onLost,
    );
  const holder = (agentId: string) => redis.get(leaseKey(agentId));
  const stopped = (agentId: string) => redis.get(stoppedKey(agentId));

  before(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('is renewed beyond its duration, and released', async () => {
    const mine = lease('a', 'one');
    await mine.acquire();
    const endMs = performance.now() + 2 * LEASE_MS;
    while (performance.now() < endMs) assert.equal(await holder('a'), 'one');
    await mine.release();
    assert.equal(await holder('a'), null);
    assert.equal(await stopped('a'), 'one');
    assert.ok(await redis.exists(registrationKey('a')));
  });

  it('is refused while another incarnation renews it', async () => {
    const first = lease('b', 'one');
    await first.acquire();
    await assert.rejects(lease('b', 'two').acquire(), AgentIdInUse);
    assert.equal(await holder('b'), 'one');
    await first.release();
  });

  it('of a dead agent is waited for', async () => {
    await redis.set(leaseKey('c'), 'dead', 'PX', LEASE_MS);
    const second = lease('c', 'two');
    await second.acquire();
    assert.equal(await holder('c'), 'two');
    await second.release();
  });

  it('that another agent took is reported, and not taken back', async () => {
    const lost = Promise.withResolvers<AgentIdInUse>();
    const first = lease('d', 'one', lost.resolve);
    await first.acquire();
    await redis.set(leaseKey('d'), 'other', 'PX', 10_000);
    assert.match((await lost.promise).message, /incarnation other/);
    await first.release();
    assert.equal(await holder('d'), 'other');
    assert.equal(await stopped('d'), null);
  });

  it('and the registration are restored after Redis lost its data', async () => {
    const mine = lease('e', 'one');
    await mine.acquire();
    await redis.flushall();
    const endMs = performance.now() + 5 * LEASE_MS;
    while ((await holder('e')) === null) assert.ok(performance.now() < endMs);
    assert.ok(await redis.exists(registrationKey('e')));
    await mine.release();
  });
});
