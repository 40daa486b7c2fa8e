import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fleetFigures, fleetResult } from './made-figures.ts';
import { LONG, reach, slotsUsed, submit, TestCluster } from './test-cluster.ts';

describe('a result whose counters ran backwards', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  afterEach(() => bench.clear());

  it('ends its run inconclusive with that reason, once, and gives the gang back', async () => {
    const [a, b] = await bench.agents();
    for (const agent of [a, b]) agent.behaviour.start = 'silent';
    const plane = await bench.plane();
    const { soak } = await submit(plane, { phases: LONG });
    const { runId } = await reach(plane, soak.runIds[0], 'measuring');
    const assign = b.jobs.find((job) => job.kind === 'assign');
    assert.ok(assign?.kind === 'assign');
    const result = fleetResult(fleetFigures(1100, { offered: 50 }), fleetFigures(100));
    await b.report({ kind: 'finished', ...b.from(assign), result });
    await a.finish(runId);
    const run = await reach(plane, runId, 'done');
    assert.deepEqual(run.judgement, {
      verdict: 'inconclusive',
      reasons: ['the result could not be judged: the counter offered ran backwards: 100, then 50'],
    });
    assert.equal(await slotsUsed(plane), 0);
    // The control plane looks at its runs many times meanwhile, and judges none again.
    await delay(500);
    const events = await plane.runs.events(runId);
    assert.equal(events.filter(({ state }) => state === 'judging').length, 1);
    const kept = await plane.runs.result(runId);
    assert.equal(kept?.fleets[b.registration.agentId]?.figures.measureEnd.offered, 50);
  });
});
