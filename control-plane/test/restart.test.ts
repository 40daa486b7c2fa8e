import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { leaseKey } from '@oversoak/contracts';
import { fleetResult } from '@oversoak/testing/builders/made-figures';
import {
  LONG,
  reach,
  reasons,
  runOf,
  slotsUsed,
  submit,
  TestCluster,
} from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import type { RunRecord } from '../src/model/run-record.ts';
import { connect } from '../src/store/redis.ts';
import { Runs } from '../src/store/runs.ts';
import { Soaks } from '../src/store/soaks.ts';

describe('a cluster with failures', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  afterEach(() => bench.clear());

  it('accepts a report once; refuses and counts old, foreign and invalid ones', async () => {
    const [a] = await bench.agents();
    const plane = await bench.plane();
    const { soak } = await submit(plane, { phases: LONG });
    const running = await reach(plane, soak.runIds[0], 'measuring');
    const assign = a.jobs.find((job) => job.kind === 'assign');
    assert.ok(assign?.kind === 'assign');
    const from = a.from(assign);
    const reason = 'made';
    await a.report({ kind: 'started', ...from });
    await a.report({ kind: 'failed', ...from, epoch: 7, reason });
    await a.report({ kind: 'failed', ...from, agentId: 'agent-b', role: 'fleet', reason });
    await a.report({ kind: 'failed', ...from, role: 'fleet', reason });
    await a.report({ kind: 'failed', ...from, runId: 'run-none', reason });
    await a.report({ kind: 'nothing', ...from } as never);
    await until('all are counted', async () => {
      const counts = await plane.runs.refusedReports();
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      return total === 5 ? counts : null;
    });
    assert.deepEqual(await plane.runs.refusedReports(), {
      'other-epoch': 1,
      'other-sender': 1,
      'not-in-gang': 1,
      'unknown-run': 1,
      invalid: 1,
    });
    assert.deepEqual(await runOf(plane, soak.runIds[0]), running);
  });

  it('aborts an agent that prepares for a finished run', async () => {
    const [a] = await bench.agents();
    a.behaviour.assign = 'silent';
    const plane = await bench.plane({ prepareMs: 100, abortMs: 100 });
    const { soak } = await submit(plane);
    await reach(plane, soak.runIds[0], 'done');
    const assign = a.jobs.find((job) => job.kind === 'assign');
    assert.ok(assign?.kind === 'assign');
    const aborts = a.received('abort').length;
    await a.report({ kind: 'started', ...a.from(assign) });
    await until('another abort', async () => a.received('abort').length > aborts);
  });

  it('aborts an agent that was lost, and keeps its late result', async () => {
    const [a, b] = await bench.agents();
    a.behaviour.start = 'silent';
    b.behaviour.start = 'silent';
    b.behaviour.abort = 'silent';
    const plane = await bench.plane();
    const { soak } = await submit(plane, { phases: LONG });
    const { runId } = await reach(plane, soak.runIds[0], 'measuring');
    await bench.redis.del(leaseKey('agent-b'));
    const done = await reach(plane, runId, 'done');
    assert.match(reasons(done), /^agent agent-b \(fleet\) was lost/);
    await until('the abort', async () => b.received('abort').length === 1);
    const assign = b.jobs.find((job) => job.kind === 'assign');
    assert.ok(assign?.kind === 'assign');
    assert.deepEqual((await plane.runs.result(runId))?.late, []);

    const finished = { kind: 'finished', ...b.from(assign), result: fleetResult() } as const;
    await b.report(finished);
    await b.report(finished);
    await until('the second is refused', async () => {
      return (await plane.runs.refusedReports())['run-is-done'] === 1;
    });
    const result = await plane.runs.result(runId);
    assert.deepEqual(
      result?.late.map(({ agentId, result: late }) => [agentId, late.role]),
      [['agent-b', 'fleet']],
    );
    assert.deepEqual(result?.fleets, {});
    assert.deepEqual(result?.run.judgement, done.judgement);
  });

  it('performs nothing twice with two control planes on one Redis', async () => {
    const [a, b] = await bench.agents();
    const [one, two] = await Promise.all([bench.plane(), bench.plane()]);
    const [left, right] = await Promise.all([
      submit(one, { repeats: 3 }),
      submit(two, { repeats: 3 }),
    ]);
    const runIds = [...left.soak.runIds, ...right.soak.runIds];
    for (const runId of runIds) {
      const run = await reach(two, runId, 'done');
      assert.equal(run.judgement?.verdict, 'passed', reasons(run));
      assert.equal(run.epoch, 1);
      await bench.wentInOrder(runId);
    }
    for (const agent of [a, b]) {
      assert.equal(agent.received('assign').length, runIds.length);
      assert.equal(agent.received('start').length, runIds.length);
      assert.equal(agent.received('abort').length, 0);
    }
    assert.equal(await slotsUsed(one), 0);
  });

  for (const state of ['preparing', 'measuring'] as const) {
    it(`goes on with a run that was ${state} when the control plane ended`, async () => {
      const [a, b] = await bench.agents();
      if (state === 'preparing') b.behaviour.assign = 'silent';
      b.behaviour.start = 'silent';
      a.behaviour.start = 'silent';
      const first = await bench.plane();
      // One that was measuring is ended by its results, before its time.
      const phases = state === 'measuring' ? LONG : { ...LONG, measureSeconds: 0.4 };
      const { soak } = await submit(first, { phases });
      await reach(first, soak.runIds[0], state);
      await until('both have their jobs', async () => a.jobs.length > 0 && b.jobs.length > 0);
      await bench.end(first);

      const assigns = [a, b].map((agent) => agent.jobs.find((job) => job.kind === 'assign'));
      a.behaviour.start = 'finish';
      b.behaviour.start = 'finish';
      const [assignA, assignB] = assigns;
      assert.ok(assignA?.kind === 'assign' && assignB?.kind === 'assign');
      if (state === 'measuring') await Promise.all([a.end(assignA), b.end(assignB)]);
      else await b.prepare(assignB);

      const second = await bench.plane();
      const run = await reach(second, soak.runIds[0], 'done');
      assert.equal(run.judgement?.verdict, 'passed', reasons(run));
      assert.equal(a.received('assign').length, 1);
      assert.equal(a.received('start').length, 1);
      assert.equal(await slotsUsed(second), 0);
    });
  }

  it('performs the effects of a state whose writer died', async () => {
    await bench.agents();
    const store = connect(bench.server.url);
    const plane = await bench.plane();
    const { soak } = await submit(plane, { phases: LONG });
    const run = await reach(plane, soak.runIds[0], 'measuring');
    // As after a control plane that died between storing the end and notifying the gang.
    const ended: RunRecord = {
      ...run,
      state: 'judging',
      version: run.version + 1,
      deadlineMs: (run.deadlineMs ?? 0) + 60_000,
      ending: { verdict: 'cancelled', reason: 'made' },
    };
    assert.equal(await new Runs(store).store(run, ended, null), true);
    const done = await reach(plane, run.runId, 'done');
    assert.deepEqual(done.judgement, {
      verdict: 'cancelled',
      reasons: ['made'],
      loadSound: false,
    });
    store.disconnect();
  });

  it('completes a cancel that was interrupted after its mark', async () => {
    await bench.agents();
    const store = connect(bench.server.url);
    const plane = await bench.plane();
    const { soak } = await submit(plane, { repeats: 2, phases: LONG });
    await reach(plane, soak.runIds[0], 'measuring');
    await new Soaks(store).markCancelled(soak.soakId);
    for (const runId of soak.runIds) {
      const run = await reach(plane, runId, 'done');
      assert.equal(run.judgement?.verdict, 'cancelled');
    }
    store.disconnect();
  });
});
