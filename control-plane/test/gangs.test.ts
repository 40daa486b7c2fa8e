import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { SoakSpec } from '@oversoak/contracts';
import { MADE_GANG } from '@oversoak/testing/builders/made-figures';
import {
  gangText,
  LONG,
  reach,
  reasons,
  runOf,
  slotsUsed,
  submit,
  TestCluster,
} from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import { allocationFaults } from '../src/dispatch/allocation-faults.ts';
import { allocationLog } from '../src/store/allocations.ts';
import { QUEUE_KEY, reservedKey, runKey } from '../src/store/names.ts';

/** A soak whose gang stands on the agents of a site. */
const at = (site: string, changes: Partial<SoakSpec> = {}): Partial<SoakSpec> => ({
  placement: { server: { site }, fleet: { site } },
  ...changes,
});

const fleets = (agents: number) => ({ fleet: { agents, threads: 1 } });

describe('gangs', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  afterEach(() => bench.clear());

  const faults = async (members: number) =>
    allocationFaults(await allocationLog(bench.redis), () => members);

  it('runs independent gangs concurrently, also behind one that finds no agents', async () => {
    for (const site of ['x', 'y'] as const) {
      for (const id of ['a', 'b']) await bench.agent(`${site}-${id}`, { labels: { site } });
    }
    const plane = await bench.plane();
    const first = await submit(plane, at('x', { phases: LONG }));
    await reach(plane, first.soak.runIds[0], 'measuring');
    const second = await submit(plane, at('x'));
    const third = await submit(plane, at('y', { phases: LONG }));
    await reach(plane, third.soak.runIds[0], 'measuring');
    const waits = await reach(plane, second.soak.runIds[0], 'allocating');
    assert.equal(await plane.waitingReason(waits.runId), 'its agents are busy: x-a, x-b');
    await plane.cancel(first);
    await reach(plane, waits.runId, 'done');
    assert.equal(await plane.waitingReason(waits.runId), null);
    await plane.cancel(third);
    await reach(plane, third.soak.runIds[0], 'done');
    assert.deepEqual(await faults(2), []);
  });

  it('runs a soak one run at a time, on the machines of the run before', async () => {
    // By name alone, the second run would be given agent-a and agent-b, which are free by then.
    const [a, b] = await bench.agents();
    await Promise.all([a.loseLease(), b.loseLease()]);
    const [c, d] = await Promise.all([bench.agent('agent-c'), bench.agent('agent-d')]);
    for (const agent of [c, d]) agent.behaviour.start = 'silent';
    const plane = await bench.plane();
    const { soak } = await submit(plane, { repeats: 3, phases: LONG });
    await reach(plane, soak.runIds[0], 'measuring');
    await Promise.all([a.register(), b.register()]);
    // There is room for a second run, and it waits.
    await delay(100);
    assert.equal((await runOf(plane, soak.runIds[1])).state, 'queued');
    for (const runId of soak.runIds) {
      await reach(plane, runId, 'measuring');
      for (const agent of [c, d]) await agent.finish(runId);
      const run = await reach(plane, runId, 'done');
      assert.equal(run.judgement?.verdict, 'passed', reasons(run));
      assert.equal(gangText(run), 'agent-c server, agent-d fleet');
    }
    const log = await allocationLog(bench.redis);
    assert.deepEqual(
      log.map(({ kind, runId }) => `${kind} ${runId}`),
      soak.runIds.flatMap((runId) => [`allocated ${runId}`, `freed ${runId}`]),
    );
  });

  it('runs a higher priority first, and the older of two equal ones', async () => {
    await bench.agents();
    const plane = await bench.plane();
    const running = await submit(plane, { phases: LONG });
    await reach(plane, running.soak.runIds[0], 'measuring');
    const order = [];
    for (const priority of [5, 9, 5, 0]) order.push((await submit(plane, { priority })).soak);
    const [five, nine, laterFive, zero] = order.map(({ runIds }) => runIds[0]);
    await reach(plane, zero, 'allocating');
    const reason = await plane.waitingReason(laterFive ?? '');
    assert.match(reason ?? '', new RegExp(`behind ${order[0]?.soakId} \\(priority 5\\)`));
    await plane.cancel(running);
    await reach(plane, zero, 'done');
    const log = await allocationLog(bench.redis);
    assert.deepEqual(
      log.filter(({ kind }) => kind === 'allocated').map(({ runId }) => runId),
      [running.soak.runIds[0], nine, five, laterFive, zero],
    );
  });

  it('keeps free agents for a large gang that has waited too long', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await bench.agent(id);
    const patient = await bench.plane({ holdAfterMs: 60_000 });
    const running = await submit(patient, { phases: LONG });
    await reach(patient, running.soak.runIds[0], 'measuring');
    const large = await submit(patient, { ...fleets(3), phases: LONG });
    // Small ones go by it while it has not waited for long.
    const quick = await submit(patient);
    await reach(patient, quick.soak.runIds[0], 'done');
    await bench.end(patient);
    const plane = await bench.plane({ holdAfterMs: 0 });
    const small = await submit(plane);
    const waits = await reach(plane, small.soak.runIds[0], 'allocating');
    await until(
      'agents are reserved',
      async () =>
        (await plane.waitingReason(waits.runId))?.startsWith(
          `agents are reserved for ${large.soak.soakId}`,
        ) ?? false,
    );
    await plane.cancel(running);
    const gang = await reach(plane, large.soak.runIds[0], 'measuring');
    assert.equal(gangText(gang), 'a server, b fleet, c fleet, d fleet');
    await plane.cancel(large);
    await reach(plane, small.soak.runIds[0], 'done');
  });

  it('allocates no slot twice with two control planes', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await bench.agent(id);
    const planes = await Promise.all([bench.plane(), bench.plane()]);
    const submitted = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        submit(planes[index % 2] ?? planes[0], { repeats: 2, ...fleets(1 + (index % 3)) }),
      ),
    );
    const members = new Map(
      submitted.flatMap(({ soak }) =>
        soak.runIds.map((runId) => [runId, 1 + soak.spec.fleet.agents] as const),
      ),
    );
    for (const runId of members.keys()) {
      const run = await reach(planes[0], runId, 'done');
      assert.equal(run.epoch, 1);
      assert.equal(run.gang.length, members.get(runId));
    }
    const log = await allocationLog(bench.redis);
    assert.equal(log.length, 2 * members.size);
    assert.deepEqual(
      allocationFaults(log, (runId) => members.get(runId) ?? 0),
      [],
    );
    assert.equal(await slotsUsed(planes[1]), 0);
    assert.equal(await bench.redis.exists(QUEUE_KEY), 0);
  });

  it('lets a draining agent end its run and gives it no other, also over restarts', async () => {
    const [a, b] = await bench.agents();
    for (const agent of [a, b]) agent.behaviour.start = 'silent';
    const plane = await bench.plane();
    const { soak } = await submit(plane, { repeats: 2, phases: LONG });
    const { runId } = await reach(plane, soak.runIds[0], 'measuring');
    assert.equal(await plane.agents.setDraining('agent-b', true), true);
    assert.equal(await plane.agents.setDraining('agent-x', true), false);
    for (const agent of [a, b]) await agent.finish(runId);
    const first = await reach(plane, runId, 'done');
    assert.equal(first.judgement?.verdict, 'passed', reasons(first));

    await bench.end(plane);
    await b.register();
    const other = await bench.plane({ unplaceableMs: 0 });
    const waits = await reach(other, soak.runIds[1], 'allocating');
    assert.equal(await other.waitingReason(waits.runId), 'its agents are busy: agent-b (draining)');
    await delay(150);
    assert.equal((await runOf(other, waits.runId)).state, 'allocating');
    await other.agents.setDraining('agent-b', false);
    await reach(other, waits.runId, 'measuring');
    for (const agent of [a, b]) await agent.finish(waits.runId);
    const second = await reach(other, waits.runId, 'done');
    assert.equal(second.judgement?.verdict, 'passed', reasons(second));
  });

  it('removes a deleted run from the queue', async () => {
    await bench.agents();
    const plane = await bench.plane();
    await bench.redis.zadd(QUEUE_KEY, 0, 'run-gone');
    const { soak } = await submit(plane);
    await reach(plane, soak.runIds[0], 'done');
    assert.equal(await bench.redis.exists(QUEUE_KEY), 0);
  });

  it('continues a gang whose allocator died before it stored the record', async () => {
    await bench.agents();
    const plane = await bench.plane();
    // Nobody allocates meanwhile.
    for (const id of ['agent-a', 'agent-b']) await plane.agents.setDraining(id, true);
    const { soak } = await submit(plane);
    const { runId } = await reach(plane, soak.runIds[0], 'allocating');
    for (const { agentId, role } of MADE_GANG) {
      await bench.redis.sadd(reservedKey(agentId), `${runId}.${role}`);
    }
    const allocation = JSON.stringify({ epoch: 1, gang: MADE_GANG });
    await bench.redis.hset(runKey(runId), { allocation, epoch: 1 });
    const run = await reach(plane, runId, 'done');
    assert.equal(run.judgement?.verdict, 'passed', reasons(run));
    assert.equal(await slotsUsed(plane), 0);
  });
});
