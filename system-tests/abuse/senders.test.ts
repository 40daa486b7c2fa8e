// What an agent can say of what is not its own.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Assign, Report, Soak } from '@oversoak/contracts';
import { reportsKey, samplesKey } from '@oversoak/contracts';
import { environment } from '@oversoak/testing/builders/made-agents';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import type { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { until } from '@oversoak/testing/waiting/until';
import { AttackedPlane } from './attacked-plane.ts';

const GHOSTS = 3000;

describe('a hostile agent beside two honest ones', () => {
  let plane: AttackedPlane;
  let honest: [SimulatedAgent, SimulatedAgent];
  let rogue: SimulatedAgent;
  before(async () => {
    plane = await AttackedPlane.start();
    honest = [await plane.agent('agent-a'), await plane.agent('agent-b')];
  });
  after(() => plane.stop());

  /** A soak whose server is one honest agent and whose fleet is the other. */
  async function submitted(): Promise<Soak> {
    return await plane.ask<Soak>('/v1/soaks', { method: 'POST', body: submittedSpec() });
  }

  const done = (soakId: string) =>
    until('the soak is done', async () => {
      const now = await plane.ask<Soak>(`/v1/soaks/${soakId}`);
      return now.runs.every(({ state }) => state === 'done') ? now : null;
    });

  const write = (key: string, field: string, value: object) =>
    plane.redis.xadd(key, '*', field, JSON.stringify(value));

  /** The part of a role, and who has it. */
  async function assigned(role: 'server' | 'fleet', runId: string) {
    return await until(`the ${role} is assigned`, () => {
      for (const agent of honest) {
        for (const job of agent.received('assign')) {
          if (job.kind !== 'assign' || job.runId !== runId || job.part.role !== role) continue;
          return { agent, assign: job as Assign };
        }
      }
      return null;
    });
  }

  it('names another address for its server: the report is refused, the fleet loads the registered one', async () => {
    for (const agent of honest) agent.behaviour.assign = 'silent';
    const { soakId, runs } = await submitted();
    const runId = runs[0]?.runId ?? '';
    const server = await assigned('server', runId);
    const fleet = await assigned('fleet', runId);
    const prepared = {
      ...{ kind: 'prepared', ...server.agent.from(server.assign) },
      ...{ environment: environment(), clockOffsetMs: 0 },
    };
    for (const aimed of [
      { endpoint: { host: '10.9.8.7', port: 80 } },
      { host: '10.9.8.7', port: 80 },
    ]) {
      const key = reportsKey(server.agent.registration.agentId);
      await write(key, 'report', { ...prepared, ...aimed });
    }
    await plane.refused('invalid', 2);
    for (const agent of honest) agent.behaviour.assign = 'prepare';
    await server.agent.prepare(server.assign);
    await fleet.agent.prepare(fleet.assign);
    const start = await until('the fleet starts', () => fleet.agent.received('start')[0] ?? null);
    assert.ok(start.kind === 'start');
    assert.deepEqual(start.endpoint, {
      host: server.agent.registration.advertisedHost,
      port: 5000,
    });
    assert.equal((await done(soakId)).runs[0]?.judgement?.verdict, 'passed');
  });

  it('reports for another agent, and with wrong epochs: the run is not affected', async () => {
    rogue = await plane.agent('rogue');
    rogue.behaviour.assign = 'silent';
    for (const agent of honest) agent.behaviour.start = 'silent';
    await plane.call(`/v1/agents/rogue/drain`, { method: 'POST' });
    const { soakId, runs } = await submitted();
    const runId = runs[0]?.runId ?? '';
    const { agent, assign } = await assigned('server', runId);
    await until('it started', () =>
      agent.received('start').some((job) => 'runId' in job && job.runId === runId),
    );
    const own = reportsKey('rogue');
    const of = agent.from(assign);
    const failed: Report = { kind: 'failed', ...of, reason: 'forged' };
    await write(own, 'report', failed);
    await plane.refused('other-sender');
    await write(own, 'report', { ...failed, agentId: 'rogue' });
    await plane.refused('not-in-gang');
    const began = { kind: 'started', ...of, agentId: 'rogue', epoch: of.epoch + 1 };
    await write(own, 'report', began);
    await plane.refused('other-epoch');
    const before = await plane.redis.dbsize();
    await write(samplesKey('rogue'), 'sample', { ...of, phase: 'measuring', sinceStartSeconds: 1 });
    await plane.refused('sample-other-sender');
    for (const one of honest) assert.deepEqual(one.received('abort'), []);
    for (const one of honest) await one.finish(runId);
    const ended = await done(soakId);
    assert.equal(ended.runs[0]?.judgement?.verdict, 'passed', JSON.stringify(ended.runs[0]));
    assert.ok((await plane.redis.dbsize()) - before < 10);
  });

  it(`reports ${GHOSTS} runs that do not exist: no key of them is left`, async () => {
    const keysOf = async () => (await plane.redis.keys('*ghost*')).length;
    const before = await plane.redis.dbsize();
    const adding = plane.redis.pipeline();
    for (let count = 0; count < GHOSTS; count += 1) {
      const who = { runId: `run-ghost-${count}`, epoch: 1, agentId: 'rogue', role: 'fleet' };
      const report = { kind: count % 2 ? 'started' : 'aborted', ...who, atMs: 1 };
      adding.xadd(
        reportsKey('rogue'),
        ...['*', 'report', JSON.stringify(count % 2 ? report : { ...report, reason: 'x' })],
      );
    }
    await adding.exec();
    await plane.refused('unknown-run', GHOSTS);
    await until(
      'its stream is empty',
      async () => (await plane.redis.xlen(reportsKey('rogue'))) === 0,
    );
    await until('its queue is empty', async () => (await keysOf()) === 0);
    const grown = (await plane.redis.dbsize()) - before;
    assert.ok(grown < 10, `${grown} keys more`);
  });
});
