import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { leaseKey, type Registration } from '@oversoak/contracts';
import { madeAgent } from '@oversoak/testing/builders/made-agents';
import { madeResult, madeRun } from '@oversoak/testing/builders/made-figures';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import type { Redis } from 'ioredis';
import { allocationFaults } from '../../src/dispatch/allocation-faults.ts';
import { Allocator } from '../../src/dispatch/allocator.ts';
import type { Choice } from '../../src/dispatch/gang.ts';
import type { RunRecord } from '../../src/model/run-record.ts';
import type { Agent } from '../../src/store/agents.ts';
import { allocationLog } from '../../src/store/allocations.ts';
import { DRAINING_KEY, reservedKey, runKey, soakKey } from '../../src/store/names.ts';
import { connect } from '../../src/store/redis.ts';
import { Runs } from '../../src/store/runs.ts';

describe('allocation', () => {
  let server: RedisServer;
  let redis: Redis;
  let allocator: Allocator;
  before(async () => {
    server = await RedisServer.start();
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
    const made = madeAgent(agentId, changes);
    await redis.set(leaseKey(agentId), made.registration.incarnation, 'PX', 60_000);
    return made;
  };
  /** The first serves, the others are fleets. */
  const allocate = (runId: string, ...agents: Agent[]) => {
    const gang = agents.map(
      (one, index): Choice => ({ agent: one, role: index === 0 ? 'server' : 'fleet' }),
    );
    return allocator.allocate(runId, 'soak-1', gang);
  };
  const held = async (...agentIds: string[]) =>
    (await Promise.all(agentIds.map((id) => redis.scard(reservedKey(id))))).join();

  it('allocates every slot of a gang, until an agent has no more', async () => {
    const [a, b] = [await agent('a', { slots: 2 }), await agent('b', { slots: 3 })];
    for (const runId of ['r1', 'r2', 'r3']) await waiting(runId);
    assert.deepEqual(await allocate('r1', a, b), {
      epoch: 1,
      gang: [
        { agentId: 'a', role: 'server', incarnation: 'a-1', host: '127.0.0.1', system: 'wine' },
        { agentId: 'b', role: 'fleet', incarnation: 'b-1', host: '127.0.0.1', system: 'wine' },
      ],
    });
    assert.notEqual(await allocate('r2', a, b), 'refused');
    assert.equal(await allocate('r3', b, a), 'refused');
    assert.equal(await held('a', 'b'), '2,2');
  });

  it('counts two parts on one agent as two slots', async () => {
    const [a, b] = [await agent('a', { slots: 2 }), await agent('b')];
    await waiting('r1');
    await waiting('r2');
    assert.equal(await allocate('r1', b, b), 'refused');
    assert.notEqual(await allocate('r1', a, a), 'refused');
    assert.equal(await allocate('r2', b, a), 'refused');
    assert.equal(await held('a', 'b'), '2,0');
  });

  it('refuses an agent whose lease is not held by the process that was read', async () => {
    const [a, b] = [await agent('a'), await agent('b')];
    await waiting('r1');
    await redis.set(leaseKey('b'), 'b-2');
    assert.equal(await allocate('r1', a, b), 'refused');
    await redis.del(leaseKey('b'));
    assert.equal(await allocate('r1', a, b), 'refused');
    assert.equal(await held('a', 'b'), '0,0');
  });

  it('refuses a draining agent', async () => {
    const [a, b] = [await agent('a'), await agent('b')];
    await waiting('r1');
    await redis.sadd(DRAINING_KEY, 'b');
    assert.equal(await allocate('r1', a, b), 'refused');
    assert.equal(await held('a', 'b'), '0,0');
  });

  it('is idempotent, and refuses a run that does not wait', async () => {
    const [a, b] = [await agent('a', { slots: 2 }), await agent('b', { slots: 2 })];
    await waiting('r1');
    const [one, other] = await Promise.all([allocate('r1', a, b), allocate('r1', b, a)]);
    assert.deepEqual(one, other);
    assert.equal(await held('a', 'b'), '1,1');
    await redis.hset(runKey('r1'), 'state', 'preparing');
    assert.equal(await allocate('r1', a, b), 'stale');
    assert.equal(await allocate('none', a, b), 'stale');
  });

  it('allocates nothing for a cancelled soak', async () => {
    await waiting('r1');
    await redis.hset(soakKey('soak-1'), 'cancelRequested', 1);
    assert.equal(await allocate('r1', await agent('a'), await agent('b')), 'stale');
  });

  it('frees slots once, also those that are not in the record yet, and logs every step', async () => {
    const [a, b] = [await agent('a', { slots: 2 }), await agent('b', { slots: 2 })];
    const runs = new Runs(redis);
    const [one, two] = [await waiting('r1'), await waiting('r2')];
    await allocate('r1', a, b);
    await allocate('r2', a, b);
    assert.equal(await held('a', 'b'), '2,2');
    const judgement = { verdict: 'cancelled' as const, reasons: [], loadSound: false };
    const done = (run: RunRecord): RunRecord => ({
      ...run,
      state: 'done',
      version: run.version + 1,
      judgement,
    });
    const outcome = { result: madeResult(), reports: 0, figures: null };
    const stored = await Promise.all([
      runs.store(one, done(one), outcome),
      runs.store(one, done(one), outcome),
    ]);
    assert.deepEqual(stored.sort(), [false, true]);
    assert.equal(await held('a', 'b'), '1,1');
    const early = allocationFaults(await allocationLog(redis), () => 2);
    assert.deepEqual(early, [
      'a has slots that were never freed: r2 server',
      'b has slots that were never freed: r2 fleet',
    ]);
    await runs.store(two, done(two), outcome);
    assert.deepEqual(
      (await allocationLog(redis)).map(({ kind, runId }) => `${kind} ${runId}`),
      ['allocated r1', 'allocated r2', 'freed r1', 'freed r2'],
    );
    assert.deepEqual(
      allocationFaults(await allocationLog(redis), () => 2),
      [],
    );
  });
});
