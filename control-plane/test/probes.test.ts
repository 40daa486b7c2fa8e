import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  AgentProbes,
  PROBE_NAMES,
  ProbesRequested,
  type Problem,
  probeAnswersKey,
  probeRequestsKey,
} from '@oversoak/contracts';
import { environment, linuxEnvironment } from '@oversoak/testing/builders/made-agents';
import { probeAnswer, submittedSpec } from '@oversoak/testing/builders/made-figures';
import { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { TestApi } from '@oversoak/testing/control-plane/test-api';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import { Redis } from 'ioredis';
import { Value } from 'typebox/value';
import { reservedKey } from '../src/store/names.ts';

describe('the probes of the API', () => {
  let server: RedisServer;
  let redis: Redis;
  let api: TestApi;
  let agents: [SimulatedAgent, SimulatedAgent];

  before(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    api = await TestApi.start(server.url);
    agents = [
      await SimulatedAgent.start(server.url, 'agent-a'),
      await SimulatedAgent.start(server.url, 'agent-b'),
    ];
  });
  after(async () => {
    await api.close();
    await Promise.all(agents.map((agent) => agent.stop()));
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    for (const agent of agents) {
      agent.behaviour.probe = 'silent';
      const { agentId } = agent.registration;
      await redis.del(probeRequestsKey(agentId), probeAnswersKey(agentId), reservedKey(agentId));
      await agent.register();
    }
  });

  const ask = (payload: object) => api.call('POST', '/v1/probes', { payload });
  const requested = async (payload: object): Promise<ProbesRequested> => {
    const answer = await ask(payload);
    assert.equal(answer.statusCode, 202, answer.body);
    assert.ok(Value.Check(ProbesRequested, answer.json()), answer.body);
    return answer.json();
  };
  const refused = async (payload: object, status: number): Promise<Problem[]> => {
    const answer = await ask(payload);
    assert.equal(answer.statusCode, status, answer.body);
    return answer.json().errors;
  };
  const probesOf = async (agentId: string): Promise<AgentProbes> => {
    const answer = await api.call('GET', `/v1/agents/${agentId}/probes`);
    assert.equal(answer.statusCode, 200, answer.body);
    assert.ok(Value.Check(AgentProbes, answer.json()), answer.body);
    return answer.json();
  };
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

  it('requests every probe from every live agent, and shows the answers', async () => {
    const { requested: of } = await requested({});
    assert.deepEqual(of, [
      { agentId: 'agent-a', names: PROBE_NAMES },
      { agentId: 'agent-b', names: PROBE_NAMES },
    ]);
    const waiting = await probesOf('agent-a');
    assert.deepEqual(names(waiting.requested), PROBE_NAMES);
    assert.deepEqual(waiting.answers, []);
    assert.equal(waiting.platform.system, 'wine');
    for (const agent of agents) agent.behaviour.probe = 'answer';
    await requested({});
    for (const agentId of ['agent-a', 'agent-b']) {
      const { answers } = await until(`${agentId} has answered`, async () => {
        const probes = await probesOf(agentId);
        return probes.requested.length === 0 ? probes : null;
      });
      assert.deepEqual(names(answers), PROBE_NAMES);
      assert.ok(answers.every((answer) => answer.agentId === agentId));
    }
  });

  it('requests named probes from named agents, in catalogue order, each once', async () => {
    const of = await requested({
      agents: ['agent-b', 'agent-b'],
      names: ['acceptex-pends', 'routine-beats-event', 'acceptex-pends'],
    });
    const chosen = ['routine-beats-event', 'acceptex-pends'];
    assert.deepEqual(of.requested, [{ agentId: 'agent-b', names: chosen }]);
    assert.deepEqual(names((await probesOf('agent-b')).requested), chosen);
    assert.deepEqual((await probesOf('agent-a')).requested, []);
    await until('the job arrives', async () => agents[1].received('probe').length || null);
  });

  it('does not request a pending probe twice, but notifies the agent again', async () => {
    const first = await requested({ agents: ['agent-a'], names: ['acceptex-pends'] });
    await until('the job arrives', async () => agents[0].received('probe').length || null);
    const before = agents[0].received('probe').length;
    await redis.hset(
      probeRequestsKey('agent-a'),
      'acceptex-pends',
      JSON.stringify({ requestedAtMs: first.requestedAtMs, startedAtMs: first.requestedAtMs + 1 }),
    );
    await requested({ agents: ['agent-a'], names: ['acceptex-pends'] });
    await until(
      'another job arrives',
      async () => agents[0].received('probe').length > before || null,
    );
    assert.deepEqual((await probesOf('agent-a')).requested, [
      {
        name: 'acceptex-pends',
        requestedAtMs: first.requestedAtMs,
        startedAtMs: first.requestedAtMs + 1,
      },
    ]);
  });

  it('says why a requested probe does not start', async () => {
    assert.equal((await probesOf('agent-a')).waiting, null);
    await requested({ agents: ['agent-a'] });
    assert.equal((await probesOf('agent-a')).waiting, null);
    await redis.sadd(reservedKey('agent-a'), 'run-1.server');
    assert.match(
      (await probesOf('agent-a')).waiting ?? '',
      /it has runs; probes start when it has none/,
    );
    await redis.del(reservedKey('agent-a'));
    await agents[0].loseLease();
    const lost = await probesOf('agent-a');
    assert.equal(lost.live, false);
    assert.match(lost.waiting ?? '', /not live/);
  });

  it('asks agents of Linux only by name, because the claims are about Winsock', async () => {
    const linux = { environment: linuxEnvironment() };
    const agent = await SimulatedAgent.start(server.url, 'agent-linux', linux);
    try {
      const ids = (await requested({})).requested.map(({ agentId }) => agentId);
      assert.deepEqual(ids, ['agent-a', 'agent-b']);
      const [named] = (await requested({ agents: ['agent-linux'] })).requested;
      assert.equal(named?.agentId, 'agent-linux');
      for (const each of agents) await each.loseLease();
      assert.deepEqual(await refused({}, 422), [
        {
          pointer: '/agents',
          detail: 'the claims are about Winsock; live agents: agent-linux',
        },
      ]);
    } finally {
      await agent.loseLease();
      await agent.stop();
    }
  });

  it('refuses unknown names and agents with the valid ones, and agents that are not live', async () => {
    const [name] = await refused({ names: ['acceptex-pends', 'recv-pends'] }, 400);
    assert.equal(name?.pointer, '/names/1');
    assert.match(name?.detail ?? '', /must be one of overlapped-receive-pends, blocking-send/);
    for (const empty of [{ names: [] }, { agents: [] }, { agent: ['agent-a'] }]) {
      assert.equal((await refused(empty, 400)).length, 1, JSON.stringify(empty));
    }
    await agents[1].loseLease();
    const problems = await refused({ agents: ['agent-a', 'agent-b', 'agent-c'] }, 422);
    assert.deepEqual(problems, [
      {
        pointer: '/agents/1',
        detail: 'agent "agent-b" is not live: its lease has lapsed; live agents: agent-a',
      },
      { pointer: '/agents/2', detail: 'no agent "agent-c"; live agents: agent-a' },
    ]);
    await agents[0].loseLease();
    assert.deepEqual(await refused({}, 422), [
      { pointer: '/agents', detail: 'no agent is live; live agents: none' },
    ]);
    assert.deepEqual(await redis.keys('*:probe-requests'), []);
    assert.equal((await api.call('GET', '/v1/agents/agent-c/probes')).statusCode, 404);
  });

  it('omits unreadable answers', async () => {
    const answer = JSON.stringify(probeAnswer('agent-a', 'acceptex-pends'));
    await redis.hset(probeAnswersKey('agent-a'), {
      'acceptex-pends': answer,
      'routine-beats-event': '{',
      'select-reports-arrival': '{"name": "select-reports-arrival"}',
      'of-a-newer-oversoak': answer,
    });
    await redis.hset(probeRequestsKey('agent-a'), 'routine-beats-event', 'soon');
    const { requested: still, answers } = await probesOf('agent-a');
    assert.deepEqual([still, names(answers)], [[], ['acceptex-pends']]);
  });

  it('refuses a soak of a notifier whose probe fails, by the name of the probe', async () => {
    const reason = 'probe at-once-signals-event does not hold: expected: the event is signalled';
    const { capabilities } = environment();
    const notifiers = capabilities.notifiers.map((notifier) =>
      notifier.name === 'event' ? { ...notifier, works: false, reason } : notifier,
    );
    for (const { registration } of agents) {
      registration.incarnation = `${registration.agentId}-withdrawn`;
      registration.environment = environment();
      registration.environment.capabilities.notifiers = notifiers;
    }
    for (const agent of agents) await agent.register();
    const payload = { ...submittedSpec(), matrix: { notifier: ['event'], sessions: [10] } };
    const answer = await api.call('POST', '/v1/soaks', { payload });
    assert.equal(answer.statusCode, 422, answer.body);
    const [{ pointer, detail }] = answer.json().errors;
    assert.equal(pointer, '/matrix/notifier/0');
    assert.match(detail, /^event × homo: no live agents can run it/);
    assert.ok(detail.includes(`agent-a (live`), detail);
    assert.ok(detail.includes(`event does not work (${reason})`), detail);
  });
});
