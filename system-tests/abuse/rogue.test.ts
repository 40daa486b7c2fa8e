// An agent that joined, with valid credentials and hostile code, in a cluster of three. The two honest
// ones are real agents with the dry engine. What a rogue can still do stands in docs/security.md.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Agent, startAgent } from '@oversoak/agent';
import { readConfig } from '@oversoak/agent/config';
import {
  type AgentIdentity,
  type AgentJob,
  agentQueue,
  type JoinToken,
  leaseKey,
  PROBE_NAMES,
  probeAnswersKey,
  QUEUE_PREFIX,
  type Report,
  registrationKey,
  reportsKey,
  type Soak,
  samplesKey,
} from '@oversoak/contracts';
import { registration } from '@oversoak/testing/builders/made-agents';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { DRY_ENGINE } from '@oversoak/testing/dry/index';
import { until } from '@oversoak/testing/waiting/until';
import { Queue } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { AttackedPlane, MEMORY_MIB } from './attacked-plane.ts';

const PASSWORD = 'the-password-of-redis';
/** Redis answers BUSY after 5 s, and a control plane looks every second. */
const SCRIPT_ENDS_MS = 60_000;
const SOAK_MS = 120_000;
/** Far below the time that an agent has to prepare. */
const AT_ONCE_MS = 20_000;
/** More than an agent may have; with those of the cluster, more than half of twice as many. */
const CONNECTIONS = 100;
const QUEUE_KEYS = ['wait', 'meta', 'id', 'active', 'prioritized', 'events', 'marker', 'delayed'];

describe('a rogue agent in a cluster of three', () => {
  let plane: AttackedPlane;
  let folder: string;
  let agents: Agent[] = [];
  let rogue: Redis;
  /** As the rogue. */
  let connect: (more: Pick<RedisOptions, 'retryStrategy'>) => Redis;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oversoak-rogue-'));
    const settings = { OVERSOAK_SEALING_KEYS: 'a-key-of-the-tests'.replaceAll('-', '').repeat(3) };
    plane = await AttackedPlane.start({ password: PASSWORD, settings });
    agents = await Promise.all(['agent-a', 'agent-b'].map(honest));
    const { redis } = await joined('rogue');
    const who = { username: redis.user, password: redis.password, disableClientInfo: true };
    connect = (more) => new Redis(redis.url, { ...who, maxRetriesPerRequest: null, ...more });
    rogue = connect({});
    const made = registration('rogue');
    await rogue.set(registrationKey('rogue'), JSON.stringify(made));
    await rogue.set(leaseKey('rogue'), made.incarnation, 'PX', 600_000);
  });
  after(async () => {
    rogue?.disconnect();
    await Promise.all(agents.map((agent) => agent.stop()));
    await plane?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function joined(agentId: string): Promise<AgentIdentity> {
    const body = { agentId, address: '127.0.0.1', labels: { id: agentId }, targets: [] };
    const { token } = await plane.ask<JoinToken>('/v1/enrolments', { method: 'POST', body });
    const exchange = { method: 'POST', body: { token }, token: '' } as const;
    return await plane.ask<AgentIdentity>('/v1/enrolments/join', exchange);
  }

  async function honest(agentId: string): Promise<Agent> {
    const env = { OVERSOAK_ENGINE: DRY_ENGINE, OVERSOAK_SPOOL_DIR: folder };
    const machine = { hostname: agentId, addresses: () => [], tempDir: folder };
    return await startAgent(readConfig(env, machine, undefined, await joined(agentId)));
  }

  async function submitted(
    measureSeconds: number,
    fleet = 'agent-b',
  ): Promise<{ soakId: string; runId: string }> {
    const phases = { rampUpSeconds: 0, warmUpSeconds: 0, measureSeconds, drainSeconds: 0 };
    const placement = { server: { id: 'agent-a' }, fleet: { id: fleet } };
    const body = { ...submittedSpec(), phases, placement };
    const { soakId, runs } = await plane.ask<Soak>('/v1/soaks', { method: 'POST', body });
    return { soakId, runId: runs[0]?.runId ?? '' };
  }

  const runOf = async (soakId: string) =>
    (await plane.ask<Soak>(`/v1/soaks/${soakId}`)).runs[0] ?? assert.fail('no run');
  const reaches = (soakId: string, state: string) =>
    until(
      `the run is ${state}`,
      async () => {
        const run = await runOf(soakId);
        return run.state === state ? run : null;
      },
      SOAK_MS,
    );

  /** The whole cluster works, with agents that joined. */
  async function works(): Promise<void> {
    const { soakId } = await submitted(0.5);
    const { judgement } = await reaches(soakId, 'done');
    const words = judgement?.reasons.join('; ') ?? '';
    assert.doesNotMatch(words, /lost|refused|not signed|not prepared|forged/, words);
    assert.notEqual(judgement?.verdict, 'cancelled');
    const { result } = await plane.ask<{ result: { parts?: unknown } | null }>(
      `/v1/runs/${(await runOf(soakId)).runId}`,
    );
    assert.ok(result !== null);
  }

  async function denied(command: string, ...words: string[]): Promise<void> {
    await assert.rejects(
      rogue.call(command, ...words),
      /NOPERM|can't (run|access)|ACL failure/,
      `${command} ${words.join(' ')}`,
    );
  }

  /** A job in the queue of an honest agent, put there with the rights of a control plane. */
  async function planted(agentId: string, data: object): Promise<string> {
    const queue = new Queue(agentQueue(agentId), { connection: plane.redis, prefix: QUEUE_PREFIX });
    try {
      const { id = '' } = await queue.add('planted', data);
      return await until(`the job of ${agentId} failed`, async () => {
        const isFailed = await (await queue.getJob(id))?.isFailed();
        return isFailed ? ((await queue.getJob(id))?.failedReason ?? null) : null;
      });
    } finally {
      await queue.close();
    }
  }

  it('stands in a cluster whose agents joined and run soaks', () => works());

  it("reads and writes no other agent's keys, and nothing of the control plane", async () => {
    const { soakId, runId } = await submitted(3);
    await reaches(soakId, 'measuring');
    for (const agentId of ['agent-a', 'agent-b']) {
      await denied('get', leaseKey(agentId));
      await denied('del', leaseKey(agentId));
      await denied('get', registrationKey(agentId));
      await denied('xadd', reportsKey(agentId), '*', 'report', '{}');
      await denied('xrange', samplesKey(agentId), '-', '+');
      await denied('lpush', `${QUEUE_PREFIX}:${agentQueue(agentId)}:wait`, '1');
      await denied('hgetall', `${QUEUE_PREFIX}:${agentQueue(agentId)}:meta`);
    }
    for (const key of [
      `oversoak:run:${runId}`,
      `oversoak:soak:${soakId}`,
      'oversoak:signing-key',
    ]) {
      await denied('get', key);
      await denied('hgetall', key);
      await denied('eval', `return redis.call('del', '${key}')`, '0');
    }
    await denied('acl', 'setuser', 'rogue', 'on', 'nopass', '+@all', '~*');
    await denied('client', 'kill', 'skipme', 'yes');
    // BullMQ's own script, told to move a job of another's queue.
    await denied('eval', "return redis.call('lpush', KEYS[1], 'x')", '1', 'oversoak-bull:x:wait');
    await reaches(soakId, 'done');
  });

  it('changes no verdict that is not its own', async () => {
    const { soakId, runId } = await submitted(3);
    await reaches(soakId, 'measuring');
    const of = { runId, epoch: 1, atMs: 1, role: 'server' } as const;
    const forged: Report[] = [
      { kind: 'failed', ...of, agentId: 'agent-a', reason: 'forged' },
      { kind: 'failed', ...of, agentId: 'rogue', reason: 'forged' },
      { kind: 'aborted', ...of, agentId: 'rogue', epoch: 2, reason: 'forged' },
    ];
    for (const report of forged) {
      await rogue.xadd(reportsKey('rogue'), '*', 'report', JSON.stringify(report));
    }
    await plane.refused('other-sender');
    await plane.refused('not-in-gang');
    await plane.refused('other-epoch');
    const { judgement } = await reaches(soakId, 'done');
    assert.doesNotMatch(judgement?.reasons.join('; ') ?? '', /forged|lost/);
  });

  it('aims no fleet: neither with a job of its own making nor with one that was signed for it', async () => {
    const startJob = {
      ...{ kind: 'start', runId: 'run-x', epoch: 1, incarnation: 'x', startAtMs: 1 },
      endpoint: { host: '10.9.8.7', port: 80 },
    } as const;
    assert.match(await planted('agent-b', startJob), /refused: it is not signed/);
    const [first] = await plane
      .ask<{ agents: { agentId: string }[] }>('/v1/agents')
      .then(({ agents: listed }) => listed.filter(({ agentId }) => agentId === 'rogue'));
    assert.ok(first !== undefined);
    await plane.ask('/v1/probes', { method: 'POST', body: { agents: ['rogue'] } });
    const queue = `${QUEUE_PREFIX}:${agentQueue('rogue')}`;
    const id = await until('a job of its own', () => rogue.lindex(`${queue}:wait`, -1));
    const signed = JSON.parse((await rogue.hget(`${queue}:${id}`, 'data')) ?? '') as {
      proof: object;
    } & AgentJob;
    assert.match(await planted('agent-b', signed), /refused: it is for the agent "rogue"/);
    const turned = { ...startJob, proof: { ...signed.proof, agentId: 'agent-b' } };
    assert.match(await planted('agent-b', turned), /refused: the control plane did not sign it/);
  });

  it('gives nobody its answers of probes to hold', async () => {
    const beforeMiB = await plane.peakMiB();
    for (const name of PROBE_NAMES) {
      await rogue.hset(probeAnswersKey('rogue'), name, 'x'.repeat(8 * 2 ** 20));
    }
    const { answers } = await plane.ask<{ answers: unknown[] }>('/v1/agents/rogue/probes');
    assert.deepEqual(answers, []);
    assert.ok((await plane.peakMiB()) - beforeMiB < 100);
  });

  it('spoils its own queue alone', async () => {
    const keys = QUEUE_KEYS.map((name) => `${QUEUE_PREFIX}:${agentQueue('rogue')}:${name}`);
    for (const key of keys) await rogue.set(key, 'x');
    assert.equal((await plane.call('/metrics')).status, 200);
    const probes = { agents: ['rogue', 'agent-a'], names: PROBE_NAMES.slice(0, 1) };
    const asked = await plane.ask<{ requested: { agentId: string }[] }>('/v1/probes', {
      method: 'POST',
      body: probes,
    });
    assert.deepEqual(
      asked.requested.map(({ agentId }) => agentId),
      ['agent-a'],
    );
    const startMs = performance.now();
    const { judgement } = await reaches((await submitted(1, 'rogue')).soakId, 'done');
    assert.ok(performance.now() - startMs < AT_ONCE_MS);
    assert.match(judgement?.reasons.join('; ') ?? '', /fleet on rogue failed: .* takes no job/);
    await works();
  });

  it('does not stop the control plane, whatever it stores of itself', async () => {
    await rogue.set(registrationKey('rogue'), 'x'.repeat(64 * 2 ** 20));
    await rogue.set(leaseKey('rogue'), 'y'.repeat(64 * 2 ** 20));
    await rogue.xadd(reportsKey('rogue'), '*', 'report', 'z'.repeat(32 * 2 ** 20));
    await rogue.xadd(samplesKey('rogue'), '*', 'sample', '['.repeat(2 ** 20));
    await plane.refused('invalid');
    await plane.refused('sample-invalid');
    await works();
    assert.ok((await plane.peakMiB()) < MEMORY_MIB);
  });

  it('keeps nobody out of Redis by its connections', async () => {
    const [, most = ''] = (await plane.redis.config('GET', 'maxclients')) as string[];
    await plane.redis.config('SET', 'maxclients', String(2 * CONNECTIONS));
    const many = Array.from({ length: CONNECTIONS }, () => {
      const one = connect({ retryStrategy: () => null });
      one.on('error', () => undefined);
      return one;
    });
    try {
      // It may look before all are open, and fewer than the bound may come after that.
      await until('they are closed', () => many.some(({ status }) => status === 'end'));
      await works();
    } finally {
      for (const one of many) one.disconnect();
      await plane.redis.config('SET', 'maxclients', most);
    }
    assert.match(await plane.log(), /closed connections to Redis: too many of one user/);
  });

  it('blocks Redis with a script only until the control plane ends it', async () => {
    const endless = 'while true do end';
    const startMs = performance.now();
    await assert.rejects(rogue.eval(endless, 0), /killed by user|Script killed/i);
    assert.ok(performance.now() - startMs < SCRIPT_ENDS_MS);
    await until('the control plane is ready', async () => {
      const { status } = await plane.call('/readyz');
      return status === 200;
    });
    assert.match(await plane.log(), /ended a script that blocked Redis/);
    await until('the agents are live again', async () => {
      const { agents: listed } = await plane.ask<{
        agents: { agentId: string; live: boolean }[];
      }>('/v1/agents');
      return listed.filter(({ agentId, live }) => live && agentId !== 'rogue').length === 2;
    });
    await works();
  });

  it('is out at once when it is revoked', async () => {
    const { status } = await plane.call('/v1/enrolments/rogue', { method: 'DELETE' });
    assert.equal(status, 204);
    assert.deepEqual(await plane.redis.keys(`${QUEUE_PREFIX}:${agentQueue('rogue')}:*`), []);
    assert.equal(await plane.redis.exists(probeAnswersKey('rogue')), 0);
    await until('it is refused', async () =>
      rogue.ping().then(
        () => false,
        (error: Error) => /WRONGPASS|NOAUTH|closed/.test(error.message),
      ),
    );
    await works();
  });
});
