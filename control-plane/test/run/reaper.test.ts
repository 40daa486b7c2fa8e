import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  AGENTS_KEY,
  agentQueue,
  leaseKey,
  probeAnswersKey,
  probeRequestsKey,
  QUEUE_PREFIX,
  registrationKey,
  stoppedKey,
} from '@oversoak/contracts';
import { registration } from '@oversoak/testing/builders/made-agents';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import type { Redis } from 'ioredis';
import { JobSigner } from '../../src/queue/job-signer.ts';
import { Queues } from '../../src/queue/queues.ts';
import { deadSlots, forgettable, Reaper } from '../../src/run/reaper.ts';
import { Agents } from '../../src/store/agents.ts';
import { allocationLog } from '../../src/store/allocations.ts';
import { DRAINING_KEY, reservedKey, runKey } from '../../src/store/names.ts';
import { connect } from '../../src/store/redis.ts';
import { Runs } from '../../src/store/runs.ts';

const FORGET_MS = 1000;

describe('the reaper', () => {
  let server: RedisServer;
  let redis: Redis;
  let connection: Redis;
  let queues: Queues;
  let agents: Agents;
  let nowMs = 0;
  let reaper: Reaper;
  before(async () => {
    server = await RedisServer.start();
    redis = connect(server.url);
    connection = connect(server.url);
    const key = generateKeyPairSync('ed25519').privateKey;
    const signer = new JobSigner({ privateKey: async () => key, nowMs: async () => nowMs });
    queues = new Queues({ connection, log: silentLog, signer });
    agents = new Agents(redis);
    reaper = new Reaper({
      runs: new Runs(redis),
      agents,
      queues,
      nowMs: async () => nowMs,
      limits: { forgetAgentMs: FORGET_MS },
      log: silentLog,
    });
  });
  after(async () => {
    await queues.close();
    connection.disconnect();
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
    nowMs = 0;
  });

  const register = async (agentId: string, live = true) => {
    const made = registration(agentId);
    await redis.sadd(AGENTS_KEY, agentId);
    await redis.set(registrationKey(agentId), JSON.stringify(made));
    if (live) await redis.set(leaseKey(agentId), made.incarnation);
  };
  const passAt = async (ms: number) => {
    nowMs = ms;
    await reaper.pass();
    return (await agents.list()).map((agent) => agent.registration.agentId).join(' ');
  };

  it('frees slots of runs that are done or deleted, logs it, and keeps the others', async () => {
    await register('a');
    await register('b', false);
    await redis.hset(runKey('run-done'), 'state', 'done');
    await redis.hset(runKey('run-on'), 'state', 'measuring');
    await redis.sadd(reservedKey('a'), 'run-done.server', 'run-on.server');
    await redis.sadd(reservedKey('b'), 'run-gone.fleet', 'run-on.fleet');
    await reaper.pass();
    await reaper.pass();
    assert.deepEqual(await redis.smembers(reservedKey('a')), ['run-on.server']);
    assert.deepEqual(await redis.smembers(reservedKey('b')), ['run-on.fleet']);
    const log = await allocationLog(redis);
    assert.deepEqual(log.map(({ kind, runId }) => `${kind} ${runId}`).sort(), [
      'freed run-done',
      'freed run-gone',
    ]);
  });

  it('does not free the slot of an active run', async () => {
    await redis.hset(runKey('run-on'), 'state', 'measuring');
    await redis.sadd(reservedKey('a'), 'run-on.server');
    const slot = { agentId: 'a', runId: 'run-on', role: 'server' as const };
    assert.equal(await agents.freeSlot(slot), false);
    assert.equal(await redis.scard(reservedKey('a')), 1);
  });

  it('deletes an agent that was not seen for long, with all of its data', async () => {
    await register('a');
    await register('b');
    await queues.send('b', { kind: 'abort', runId: 'r', epoch: 1, reason: 'made' }, 'abort');
    await redis.sadd(DRAINING_KEY, 'b');
    await redis.hset(probeRequestsKey('b'), 'made', '{}');
    await redis.hset(probeAnswersKey('b'), 'made', '{}');
    assert.equal(await passAt(0), 'a b');
    await redis.del(leaseKey('b'));
    await redis.set(stoppedKey('b'), 'b-1');
    assert.equal(await passAt(FORGET_MS - 1), 'a b');
    assert.equal(await passAt(FORGET_MS), 'a');
    assert.deepEqual(await redis.keys('oversoak:agent:b:*'), []);
    assert.deepEqual(await redis.keys(`${QUEUE_PREFIX}:${agentQueue('b')}:*`), []);
    assert.equal(await redis.sismember(DRAINING_KEY, 'b'), 0);
    // It may come back as any other.
    await register('b');
    assert.equal(await passAt(FORGET_MS + 1), 'a b');
  });

  it('deletes its queue and its probes, whatever it made of them', async () => {
    await register('b', false);
    const keys = ['wait', 'meta', 'id', 'anything:else'].map(
      (name) => `${QUEUE_PREFIX}:${agentQueue('b')}:${name}`,
    );
    for (const key of [...keys, probeRequestsKey('b'), probeAnswersKey('b')]) {
      await redis.set(key, 'x');
    }
    // Begins as the other's do.
    await redis.set(`${QUEUE_PREFIX}:${agentQueue('b-2')}:wait`, 'x');
    await passAt(0);
    await passAt(FORGET_MS);
    assert.deepEqual(await redis.keys('oversoak:agent:b:*'), []);
    assert.deepEqual(await redis.keys(`${QUEUE_PREFIX}:*`), [
      `${QUEUE_PREFIX}:${agentQueue('b-2')}:wait`,
    ]);
  });

  it('does not delete an agent that holds slots or is live again', async () => {
    await register('a', false);
    await register('b', false);
    await redis.hset(runKey('run-on'), 'state', 'measuring');
    await redis.sadd(reservedKey('a'), 'run-on.server');
    assert.equal(await passAt(0), 'a b');
    await redis.set(leaseKey('b'), 'b-2');
    assert.equal(await passAt(FORGET_MS), 'a b');
    assert.equal(await agents.forget('a'), false);
    assert.equal(await agents.forget('b'), false);
  });
});

describe('deadSlots and forgettable', () => {
  it('decide by the run, and by when the agent was last seen', () => {
    const held = ['done', 'on', 'gone'].map((runId) => ({
      agentId: 'a',
      runId,
      role: 'fleet' as const,
    }));
    const states = new Map([
      ['done', 'done'],
      ['on', 'preparing'],
    ] as const);
    assert.deepEqual(
      deadSlots(held, states).map(({ runId }) => runId),
      ['done', 'gone'],
    );
    const seen = { agentId: 'a', live: false, seenMs: 0, slots: 0 };
    assert.deepEqual(forgettable([seen], FORGET_MS, FORGET_MS), ['a']);
    assert.deepEqual(forgettable([seen], FORGET_MS - 1, FORGET_MS), []);
    assert.deepEqual(forgettable([{ ...seen, live: true }], FORGET_MS, FORGET_MS), []);
    assert.deepEqual(forgettable([{ ...seen, slots: 1 }], FORGET_MS, FORGET_MS), []);
  });
});
