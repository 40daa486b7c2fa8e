import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { AGENTS_KEY, type AgentJob, agentQueue, leaseKey, QUEUE_PREFIX } from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { Queue } from 'bullmq';
import { type Agent, startAgent } from '../src/agent.ts';
import { Cluster } from './cluster.ts';
import { assignFleet, assignServer, signedJob, start } from './jobs.ts';

/** Those of its enrolment. */
const TARGETS = ['127.0.0.0/8:7000'];

describe('an agent with an identity', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  let cluster: Cluster;
  let agent: Agent;
  let queue: Queue;
  before(async () => {
    cluster = await Cluster.start();
    const identity = {
      ...{ agentId: 'agent-1', address: '127.0.0.1', labels: {}, targets: TARGETS, generation: 1 },
      redis: { url: cluster.server.url, user: 'default', password: '' },
      jobKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
    };
    agent = await startAgent(cluster.config({ identity }));
    queue = new Queue(agentQueue('agent-1'), { connection: cluster.redis, prefix: QUEUE_PREFIX });
  });
  after(async () => {
    await queue.close();
    await agent.stop();
    await cluster.stop();
  });

  const whom = () => ({ agentId: 'agent-1', expiresAtMs: Date.now() + 60_000 });
  async function refusalOf(job: object): Promise<string> {
    const { id = '' } = await queue.add('job', job);
    return await until('the job failed', async () => {
      const isFailed = await (await queue.getJob(id))?.isFailed();
      return isFailed ? ((await queue.getJob(id))?.failedReason ?? null) : null;
    });
  }
  async function assigned<J extends AgentJob & { incarnation?: string }>(job: J): Promise<J> {
    return { ...job, incarnation: (await cluster.redis.get(leaseKey('agent-1'))) ?? '' };
  }

  it('holds its lease without a key that is not its own', async () => {
    assert.equal(await cluster.redis.get(leaseKey('agent-1')), agent.registration.incarnation);
    assert.equal(await cluster.redis.exists(AGENTS_KEY), 0);
  });

  // Each job is one that is taken in the end, but for one thing.
  it('takes an assignment as it was signed for it, and no other', async () => {
    const job = await assigned(assignServer('run-a'));
    const signed = () => signedJob(job, whom(), privateKey);
    const other = generateKeyPairSync('ed25519').privateKey;
    for (const [changed, refused] of [
      [job, /refused: it is not signed/],
      [signedJob(job, whom(), other), /refused: the control plane did not sign it/],
      [{ ...signed(), runId: 'run-b' }, /refused: the control plane did not sign it/],
      [signedJob(job, { ...whom(), agentId: 'agent-2' }, privateKey), /it is for the agent/],
      [
        signedJob(job, { ...whom(), expiresAtMs: Date.now() - 60_000 }, privateKey),
        /refused: it expired \d+ s ago/,
      ],
    ] as [object, RegExp][]) {
      assert.match(await refusalOf(changed), refused);
      assert.deepEqual(agent.assignments.live, []);
    }
    const before = agent.assignments.refused['other incarnation'];
    await queue.add('job', signedJob({ ...job, incarnation: 'another' }, whom(), privateKey));
    const { refused } = agent.assignments;
    await until('it is refused', () => refused['other incarnation'] === before + 1);
    assert.deepEqual(agent.assignments.live, []);
    await queue.add('job', signed());
    await cluster.seen.wait('run-a', 'prepared');
  });

  it('starts what it has prepared: this process, this epoch, at the time that is said', async () => {
    await queue.add(
      'job',
      signedJob(await assigned(assignFleet('run-s', { epoch: 2 })), whom(), privateKey),
    );
    await cluster.seen.wait('run-s', 'prepared', 2);
    const job = await assigned(start('run-s', { epoch: 2 }));
    const { refused } = agent.assignments;
    for (const [changed, why] of [
      [{ ...job, incarnation: 'another' }, 'other incarnation'],
      [{ ...job, epoch: 1 }, 'old epoch'],
      [{ ...job, epoch: 3 }, 'not prepared'],
      [{ ...job, runId: 'run-t' }, 'not prepared'],
    ] as [AgentJob, keyof typeof refused][]) {
      const before = refused[why];
      await queue.add('job', signedJob(changed, whom(), privateKey));
      await until(`it is refused: ${why}`, () => refused[why] === before + 1);
      assert.deepEqual(cluster.seen.kinds('run-s'), ['prepared']);
    }
    await queue.add('job', signedJob(job, whom(), privateKey));
    await cluster.seen.wait('run-s', 'finished', 2);
  });

  it('aims its fleet at a peer that its owner allows, whatever was signed', async () => {
    for (const [runId, host, kind] of [
      ['run-near', '127.0.0.1', 'finished'],
      ['run-far', '192.0.2.1', 'failed'],
    ] as const) {
      await queue.add('job', signedJob(await assigned(assignFleet(runId)), whom(), privateKey));
      await cluster.seen.wait(runId, 'prepared');
      const job = await assigned(start(runId, { endpoint: { host, port: 40_000 } }));
      await queue.add('job', signedJob(job, whom(), privateKey));
      await cluster.seen.wait(runId, kind);
    }
    assert.ok(!cluster.seen.kinds('run-far').includes('started'));
  });

  it('aims its fleet at the target that was assigned, by address and port', async () => {
    const target = { host: '127.0.0.1', port: 7000 };
    for (const [runId, change, kind] of [
      ['run-target', {}, 'finished'],
      ['run-other-host', { host: '127.0.0.2' }, 'failed'],
      ['run-other-port', { port: 7001 }, 'failed'],
    ] as const) {
      const assign = await assigned(assignFleet(runId, { target }));
      await queue.add('job', signedJob(assign, whom(), privateKey));
      await cluster.seen.wait(runId, 'prepared');
      const job = await assigned(start(runId, { endpoint: { ...target, ...change } }));
      await queue.add('job', signedJob(job, whom(), privateKey));
      await cluster.seen.wait(runId, kind);
      assert.equal(cluster.seen.kinds(runId).includes('started'), kind === 'finished', runId);
    }
  });
});
