import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { leaseKey, type Registration } from '@oversoak/contracts';
import { Allocator } from '../../src/dispatch/allocator.ts';
import type { RunRecord } from '../../src/run/record.ts';
import type { Agent } from '../../src/store/agents.ts';
import { reservedKey, runKey } from '../../src/store/names.ts';
import { connect, type Store } from '../../src/store/redis.ts';
import { Runs } from '../../src/store/runs.ts';
import { madeResult, madeRun, registration } from '../made-figures.ts';
import { type RedisServer, startRedisServer } from '../redis-server.ts';

describe('allocation', () => {
  let server: RedisServer;
  let redis: Store;
  let allocator: Allocator;
  before(async () => {
    server = await startRedisServer();
    redis = connect(server.url);
    allocator = new Allocator(redis);
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(() => redis.flushall());

  const waiting = async (runId: string): Promise<RunRecord> => {
    const run = madeRun({ runId, state: 'allocating' });
    const { version, state } = run;
    await redis.hset(runKey(runId), { version, state, record: JSON.stringify(run) });
    return run;
  };
  const agent = async (agentId: string, changes: Partial<Registration> = {}): Promise<Agent> => {
    const made = registration(agentId, changes);
    await redis.set(leaseKey(agentId), made.incarnation, 'PX', 60_000);
    return { registration: made, live: true, slotsUsed: 0 };
  };
  const gangOf = async (
    runId: string,
    agents: Agent[],
    fleets = 1,
    servers: Agent[] | null = agents,
  ) => {
    const given = await allocator.allocate(runId, fleets, { server: servers, fleet: agents });
    return given === null ? null : given.gang.map(({ agentId, role }) => `${agentId} ${role}`);
  };
  const held = async (...agentIds: string[]) =>
    (await Promise.all(agentIds.map((id) => redis.scard(reservedKey(id))))).join();

  it('puts server and fleet on different agents where it can, the emptiest first', async () => {
    const agents = [await agent('a', { slots: 3 }), await agent('b', { slots: 3 })];
    for (const [runId, gang] of [
      ['r1', ['a server', 'b fleet']],
      ['r2', ['a server', 'b fleet']],
      ['r3', ['a server', 'b fleet']],
      ['r4', null],
    ] as const) {
      await waiting(runId);
      assert.deepEqual(await gangOf(runId, agents), gang);
    }
    assert.equal(await held('a', 'b'), '3,3');
  });

  it('takes all slots or none', async () => {
    const agents = [await agent('a'), await agent('b'), await agent('c')];
    await waiting('r1');
    assert.equal(await gangOf('r1', agents, 3), null);
    assert.equal(await held('a', 'b', 'c'), '0,0,0');
    assert.deepEqual(await gangOf('r1', agents, 2), ['a server', 'b fleet', 'c fleet']);
  });

  it('looks for a server whose place leaves enough for the fleet', async () => {
    const [a, b] = [await agent('a', { slots: 2 }), await agent('b')];
    await waiting('r1');
    // Only a may drive: on a alone, or with b as the server.
    assert.deepEqual(await gangOf('r1', [a], 1, [b]), ['b server', 'a fleet']);
    await waiting('r2');
    assert.equal(await gangOf('r2', [a], 1, [a]), null);
  });

  it('makes a gang of fleets alone for a target, all of them or none', async () => {
    const agents = [await agent('a', { slots: 2 }), await agent('b')];
    for (const [runId, fleets, gang] of [
      ['r1', 2, ['a fleet', 'b fleet']],
      ['r2', 2, null],
      ['r2', 1, ['a fleet']],
      ['r3', 1, null],
    ] as const) {
      await waiting(runId);
      assert.deepEqual(await gangOf(runId, agents, fleets, null), gang);
    }
    assert.equal(await held('a', 'b'), '2,1');
  });

  it('does not take servers that are nobody for a gang without one', async () => {
    await waiting('r1');
    assert.equal(await gangOf('r1', [await agent('a', { slots: 2 })], 1, []), null);
  });

  it('takes nobody without a live lease of the process that was looked at', async () => {
    const agents = [await agent('a'), await agent('b')];
    await waiting('r1');
    await redis.set(leaseKey('b'), 'b-2');
    assert.equal(await gangOf('r1', agents), null);
    await redis.del(leaseKey('b'));
    assert.equal(await gangOf('r1', agents), null);
    assert.equal(await held('a', 'b'), '0,0');
  });

  it('answers the same when it is asked twice, and nothing for a run that does not wait', async () => {
    const agents = [await agent('a', { slots: 2 }), await agent('b', { slots: 2 })];
    await waiting('r1');
    const able = { server: agents, fleet: agents };
    const both = await Promise.all([
      allocator.allocate('r1', 1, able),
      allocator.allocate('r1', 1, able),
    ]);
    assert.deepEqual(both[0], both[1]);
    assert.equal(both[0]?.epoch, 1);
    assert.equal(await held('a', 'b'), '1,1');
    await redis.hset(runKey('r1'), 'state', 'preparing');
    assert.equal(await allocator.allocate('r1', 1, able), null);
    assert.equal(await allocator.allocate('none', 1, able), null);
  });

  it('gives slots back once, also those that no record knows of yet', async () => {
    const agents = [await agent('a', { slots: 2 }), await agent('b', { slots: 2 })];
    const runs = new Runs(redis);
    const [one] = [await waiting('r1'), await waiting('r2')];
    await gangOf('r1', agents);
    await gangOf('r2', agents);
    assert.equal(await held('a', 'b'), '2,2');
    const judgement = { verdict: 'cancelled' as const, reasons: [] };
    const done = { ...one, state: 'done' as const, version: one.version + 1, judgement };
    const outcome = { result: madeResult(), reports: 0 };
    const stored = await Promise.all([
      runs.store(one, done, outcome),
      runs.store(one, done, outcome),
    ]);
    assert.deepEqual(stored.sort(), [false, true]);
    assert.equal(await held('a', 'b'), '1,1');
  });
});
