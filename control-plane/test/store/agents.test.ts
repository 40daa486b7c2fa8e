import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  AGENTS_KEY,
  BOUNDS,
  leaseKey,
  type Registration,
  registrationKey,
  stoppedKey,
} from '@oversoak/contracts';
import { registration } from '@oversoak/testing/builders/made-agents';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Redis } from 'ioredis';
import { Agents } from '../../src/store/agents.ts';
import { DRAINING_KEY, reservedKey } from '../../src/store/names.ts';

describe('the agents', () => {
  let server: RedisServer;
  let redis: Redis;
  before(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => void (await redis.flushall()));

  /** Registers an agent with a lease. */
  const register = async (agentId: string, changes: Partial<Registration> = {}) => {
    const made = registration(agentId, changes);
    await redis.sadd(AGENTS_KEY, agentId);
    await redis.set(registrationKey(agentId), JSON.stringify(made));
    await redis.set(leaseKey(agentId), made.incarnation);
  };
  const listed = async () =>
    (await new Agents(redis).list()).map(
      ({ registration: { agentId }, live, stopped, draining, slotsUsed }) =>
        `${agentId} ${live ? 'live' : stopped ? 'stopped' : 'lost'} ${draining} ${slotsUsed}`,
    );

  it('are listed with their lease, their drain and the slots that runs hold', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await register(id);
    await redis.sadd(reservedKey('a'), 'run-1.server', 'run-2.fleet');
    await redis.sadd(DRAINING_KEY, 'b');
    await redis.del(leaseKey('c'), leaseKey('d'));
    await redis.set(stoppedKey('d'), 'd-1');
    assert.deepEqual(await listed(), [
      ...['a live false 2', 'b live true 0', 'c lost false 0', 'd stopped false 0'],
    ]);
    const leases = await new Agents(redis).leases(['a', 'c']);
    assert.deepEqual(
      [...leases],
      [
        ['a', 'a-1'],
        ['c', null],
      ],
    );
  });

  it('are not read beyond the bounds of what an agent writes of itself', async () => {
    await register('good');
    await register('long', { labels: { x: 'y'.repeat(BOUNDS.registration.bytes) } });
    await register('leased');
    await redis.set(leaseKey('leased'), `leased-1${' '.repeat(1_000_000)}`);
    assert.deepEqual(await listed(), ['good live false 0', 'leased lost false 0']);
    const leases = await new Agents(redis).leases(['leased']);
    assert.ok((leases.get('leased') ?? '').length < 1000);
  });

  it('do not hide others by a key of another type', async () => {
    await register('good');
    await register('odd');
    await redis.del(leaseKey('odd'));
    await redis.rpush(leaseKey('odd'), 'odd-1');
    await register('worse');
    await redis.del(registrationKey('worse'));
    await redis.rpush(registrationKey('worse'), '{}');
    assert.deepEqual(await listed(), ['good live false 0', 'odd lost false 0']);
  });

  it('are not live by an incarnation without a name', async () => {
    await register('empty', { incarnation: '' });
    await redis.del(leaseKey('empty'));
    assert.deepEqual(await listed(), ['empty lost false 0']);
  });
});
