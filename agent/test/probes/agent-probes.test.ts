// A whole agent with an engine whose probes answer, fail and crash; real processes, real Redis.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  AgentProbeAnswer,
  PROBES,
  ProbeRequest,
  probeAnswersKey,
  probeRequestsKey,
  type Registration,
  registrationKey,
} from '@oversoak/contracts';
import { siblingModule } from '@oversoak/testing/repository';
import { Value } from 'typebox/value';
import { type Agent, startAgent } from '../../src/agent.ts';
import { Cluster } from '../cluster.ts';
import { abort, assignFleet, SHORT } from '../jobs.ts';
import { CRASHES, DOES_NOT_HOLD, LASTS } from './engine.ts';

const ENGINE = fileURLToPath(siblingModule(import.meta.url, 'engine'));
const PATIENCE_MS = 20_000;
const QUICK = PROBES.filter(({ quick }) => quick).map(({ name }) => name);

describe('an agent whose engine has probes', () => {
  let cluster: Cluster;
  let agent: Agent;

  before(async () => {
    cluster = await Cluster.start();
    agent = await startAgent(cluster.config({ engine: ENGINE }));
  });
  after(async () => {
    await agent.stop();
    await cluster.stop();
  });

  const asks = async () => {
    const stored = await cluster.redis.hgetall(probeRequestsKey('agent-1'));
    return new Map(Object.entries(stored).map(([name, text]) => [name, JSON.parse(text)]));
  };
  const answers = async () => {
    const stored = await cluster.redis.hgetall(probeAnswersKey('agent-1'));
    return new Map(Object.entries(stored).map(([name, text]) => [name, JSON.parse(text)]));
  };
  const until = async (what: string, holds: () => Promise<boolean>) => {
    const endMs = performance.now() + PATIENCE_MS;
    while (!(await holds())) {
      assert.ok(performance.now() < endMs, `waited too long for ${what}`);
      await delay(10);
    }
  };
  const ask = async (...names: string[]) => {
    const text = JSON.stringify({ requestedAtMs: Date.now(), startedAtMs: null });
    for (const name of names) await cluster.redis.hsetnx(probeRequestsKey('agent-1'), name, text);
    await cluster.send({ kind: 'probe' });
  };
  const answered = () => until('every ask to be answered', async () => (await asks()).size === 0);

  it('runs the quick probes before it registers, and does not offer notifiers that depend on a failed one', async () => {
    await until('its answers', async () => (await answers()).size >= QUICK.length);
    const stored = await answers();
    assert.deepEqual([...stored.keys()].sort(), [...QUICK].sort());
    for (const [name, answer] of stored) {
      assert.ok(Value.Check(AgentProbeAnswer, answer), name);
      assert.equal(answer.agentId, 'agent-1');
      assert.equal(answer.platform.system, 'windows');
      assert.ok(Math.abs(answer.atMs - Date.now()) < 60_000);
    }
    assert.equal(stored.get(DOES_NOT_HOLD).outcome, 'does-not-hold');
    assert.equal(stored.get(CRASHES).outcome, 'inconclusive');
    assert.match(stored.get(CRASHES).note, /exit code 77; it said: fatal: a probe that crashes/);
    const registered = JSON.parse(
      (await cluster.redis.get(registrationKey('agent-1'))) ?? '',
    ) as Registration;
    const reason = `probe ${DOES_NOT_HOLD} does not hold: expected: the event is signalled`;
    assert.deepEqual(
      registered.environment.capabilities.notifiers.filter(({ works }) => !works),
      [{ name: 'event', works: false, reason }],
    );
  });

  it('answers requested probes, also those that crash', async () => {
    await cluster.redis.del(probeAnswersKey('agent-1'));
    await ask(CRASHES, LASTS, 'acceptex-pends');
    await until('the longest to run', async () => {
      const running = (await asks()).get(LASTS);
      assert.ok(running === undefined || Value.Check(ProbeRequest, running));
      return typeof running?.startedAtMs === 'number';
    });
    await answered();
    const stored = await answers();
    assert.deepEqual(
      ['inconclusive', 'holds', 'holds'],
      [CRASHES, LASTS, 'acceptex-pends'].map((name) => stored.get(name).outcome),
    );
  });

  it('accepts a run while it probes, and finishes the probe afterwards', async () => {
    await cluster.redis.del(probeAnswersKey('agent-1'));
    await ask(LASTS);
    await until('it to run', async () => (await asks()).get(LASTS)?.startedAtMs != null);
    await cluster.send(assignFleet('run-a', { phases: { ...SHORT, measureSeconds: 600 } }));
    await cluster.seen.wait('run-a', 'prepared');
    await until('it to give way', async () => (await asks()).get(LASTS)?.startedAtMs === null);
    assert.equal((await answers()).size, 0);
    await cluster.send(abort('run-a'));
    await cluster.seen.wait('run-a', 'aborted');
    await answered();
    assert.equal((await answers()).get(LASTS).outcome, 'holds');
  });

  it('stops while it probes; its next process answers the requested probes', async () => {
    await cluster.redis.del(probeAnswersKey('agent-1'));
    await ask(LASTS, 'acceptex-pends');
    await until('the longest to run', async () => (await asks()).get(LASTS)?.startedAtMs != null);
    const requestedMs = performance.now();
    await agent.stop();
    assert.ok(performance.now() - requestedMs < 5_000);
    assert.ok((await asks()).has(LASTS));
    agent = await startAgent(cluster.config({ engine: ENGINE }));
    await answered();
    assert.ok((await answers()).has(LASTS));
  });

  it('answers that an engine has no probes, when they are requested', async () => {
    const dry = await startAgent(cluster.config({ agentId: 'dry' }));
    try {
      assert.equal(await cluster.redis.exists(probeAnswersKey('dry')), 0);
      const text = JSON.stringify({ requestedAtMs: Date.now(), startedAtMs: null });
      await cluster.redis.hset(probeRequestsKey('dry'), 'acceptex-pends', text);
      await cluster.send({ kind: 'probe' }, 'dry');
      await until('its answer', async () => {
        const stored = await cluster.redis.hget(probeAnswersKey('dry'), 'acceptex-pends');
        if (stored === null) return false;
        assert.equal(JSON.parse(stored).outcome, 'unsupported');
        return true;
      });
    } finally {
      await dry.stop();
    }
  });
});
