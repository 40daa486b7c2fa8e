import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { leaseKey, samplesKey } from '@oversoak/contracts';
import { type Agent, startAgent } from '../src/agent.ts';
import { Cluster } from './cluster.ts';
import { assignFleet, SHORT, start } from './jobs.ts';

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!(await condition())) {
    assert.ok(performance.now() < endMs, `never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('while Redis is away', () => {
  let cluster: Cluster;
  let agent: Agent;
  const spooled = () => readdirSync(join(cluster.spoolDir, 'agent-1'));

  before(async () => {
    cluster = await Cluster.start();
    agent = await startAgent(cluster.config({ leaseMs: 2_000 }));
  });
  // Also after a failure: with no Redis, what follows would wait for ever.
  afterEach(() => cluster.server.up());
  after(async () => {
    await agent.stop();
    await cluster.stop();
  });

  it('a run continues, and its reports are spooled and delivered afterwards', async () => {
    // Long enough that a busy machine takes Redis down before the end.
    const phases = { ...SHORT, measureSeconds: 5 };
    await cluster.send(assignFleet('run-a', { phases }));
    await cluster.seen.wait('run-a', 'prepared');
    await cluster.send(start('run-a'));
    await cluster.seen.wait('run-a', 'started');
    // A report leaves the spool a moment after it has come.
    await until(() => spooled().length === 0, 'both reports are delivered');
    await cluster.server.down();
    await until(() => agent.assignments.live.length === 0, 'the run ends');
    assert.equal(spooled().length, 1);
    assert.deepEqual(cluster.seen.kinds('run-a'), ['prepared', 'started']);

    await cluster.server.up();
    await cluster.seen.wait('run-a', 'finished');
    await until(() => spooled().length === 0, 'the spool is empty');
    await until(async () => (await cluster.redis.xlen(samplesKey('agent-1'))) > 0, 'the sample');
  });

  it('and returns empty, the agent registers again and takes jobs', async () => {
    await until(async () => (await cluster.redis.get(leaseKey('agent-1'))) !== null, 'the lease');
    await cluster.send(assignFleet('run-b'));
    await cluster.seen.wait('run-b', 'prepared');
    await cluster.send(start('run-b'));
    await cluster.seen.wait('run-b', 'finished');
  });

  it('an agent stops in time, and the next one delivers its spooled reports', async () => {
    await cluster.send(assignFleet('run-c', { phases: { ...SHORT, measureSeconds: 600 } }));
    await cluster.seen.wait('run-c', 'prepared');
    await cluster.send(start('run-c'));
    await cluster.seen.wait('run-c', 'started');
    await until(() => spooled().length === 0, 'both reports are delivered');
    await cluster.server.down();
    const requestedMs = performance.now();
    await agent.stop();
    assert.ok(performance.now() - requestedMs < 5_000);
    assert.equal(spooled().length, 1);

    await cluster.server.up();
    agent = await startAgent(cluster.config());
    const aborted = await cluster.seen.wait('run-c', 'aborted');
    assert.equal(aborted.reason, 'the agent was stopped');
  });
});
