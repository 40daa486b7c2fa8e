import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { AGENTS_KEY, type AgentJob, agentQueue, leaseKey, QUEUE_PREFIX } from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { Queue } from 'bullmq';
import { type Agent, startAgent } from '../src/agent.ts';
import { Cluster } from './cluster.ts';
import { assignFleet, assignServer, signedJob } from './jobs.ts';

describe('an agent with an identity', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  let cluster: Cluster;
  let agent: Agent;
  let queue: Queue;
  before(async () => {
    cluster = await Cluster.start();
    const identity = {
      ...{ agentId: 'agent-1', address: '127.0.0.1', labels: {}, targets: [], generation: 1 },
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

  it('takes the jobs that were signed for it, and no others', async () => {
    const job = await assigned(assignServer('run-a'));
    assert.match(await refusalOf(job), /refused: it is not signed/);
    const changed = { ...signedJob(job, whom(), privateKey), runId: 'run-b' };
    assert.match(await refusalOf(changed), /refused: the control plane did not sign it/);
    const late = signedJob(job, { ...whom(), expiresAtMs: Date.now() - 60_000 }, privateKey);
    assert.match(await refusalOf(late), /refused: it expired \d+ s ago/);
    assert.deepEqual(agent.assignments.live, []);
    await queue.add('job', signedJob(job, whom(), privateKey));
    await cluster.seen.wait('run-a', 'prepared');
    // A process that is another refuses what was signed for the one before.
    const before = { ...assignFleet('run-a'), incarnation: 'another' };
    await queue.add('job', signedJob(before, whom(), privateKey));
    await until('it is refused', () => agent.assignments.refused['other incarnation'] === 1);
  });
});
