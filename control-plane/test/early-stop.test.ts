import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Assign } from '@oversoak/contracts';
import type { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import {
  LONG,
  reach,
  slotsUsed,
  submit,
  TestCluster,
} from '@oversoak/testing/control-plane/test-cluster';

const ABORT = { threshold: 'errors.corrupt == 0', abort: true };
const REASON =
  /^errors.corrupt is 2, wanted errors.corrupt == 0: the run was ended 3\.0 s after its start$/;

function assigned(agent: SimulatedAgent): Assign {
  const assign = agent.jobs.find((job) => job.kind === 'assign');
  assert.ok(assign?.kind === 'assign');
  return assign;
}

describe('a threshold that ends a run', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  afterEach(() => bench.clear());

  it('fails it as soon as it is missed, stops the gang, and leaves the check as evidence', async () => {
    const [a, b] = await bench.agents();
    const plane = await bench.plane();
    const { soak } = await submit(plane, { phases: LONG, thresholds: [ABORT] });
    await reach(plane, soak.runIds[0], 'measuring');
    await b.sample(assigned(b), 3, { corrupt: 2 });
    const run = await reach(plane, soak.runIds[0], 'done');
    assert.equal(run.judgement?.verdict, 'failed');
    assert.match(run.judgement?.reasons.join() ?? '', REASON);
    assert.deepEqual([a.received('abort').length, b.received('abort').length], [1, 1]);
    assert.equal(await slotsUsed(plane), 0);
    const result = await plane.runs.result(run.runId);
    assert.deepEqual(result?.evidence?.checks, [
      { threshold: 'errors.corrupt == 0', outcome: 'missed', actual: '2' },
    ]);
    assert.ok((await plane.runs.samples(run.runId, null, 10)).length >= 3, 'samples are kept');
  });

  it('is found by a control plane that was down when it was missed', async () => {
    const [, b] = await bench.agents();
    const first = await bench.plane();
    const { soak } = await submit(first, { phases: LONG, thresholds: [ABORT] });
    await reach(first, soak.runIds[0], 'measuring');
    await bench.end(first);
    await b.sample(assigned(b), 3, { corrupt: 2 });
    await b.sample(assigned(b), 4, { corrupt: 2 });
    const planes = await Promise.all([bench.plane(), bench.plane()]);
    const run = await reach(planes[0], soak.runIds[0], 'done');
    assert.match(run.judgement?.reasons.join() ?? '', REASON);
    await bench.wentInOrder(run.runId);
  });

  it('does not end a run whose thresholds have no "abort"', async () => {
    const [a, b] = await bench.agents();
    for (const agent of [a, b]) agent.behaviour.start = 'silent';
    const plane = await bench.plane();
    const { soak } = await submit(plane, { phases: LONG, thresholds: ['errors.corrupt == 0'] });
    const { runId } = await reach(plane, soak.runIds[0], 'measuring');
    await b.sample(assigned(b), 3, { corrupt: 2 });
    // The control plane looks at it many times.
    await delay(800);
    for (const agent of [a, b]) await agent.finish(runId);
    const run = await reach(plane, runId, 'done');
    assert.equal(run.judgement?.verdict, 'passed');
    assert.deepEqual(b.received('abort'), []);
    const result = await plane.runs.result(run.runId);
    assert.equal(result?.evidence?.errorBound?.echoes, 1000);
    assert.ok(result?.evidence?.checks.every(({ outcome }) => outcome === 'held'));
    assert.equal(result?.evidence?.drift.length, 5);
  });
});
