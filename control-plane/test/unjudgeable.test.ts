import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  fleetResult,
  fleetWindows,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import {
  LONG,
  reach,
  slotsUsed,
  submit,
  TestCluster,
} from '@oversoak/testing/control-plane/test-cluster';

describe('a result that the judge cannot read', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  afterEach(() => bench.clear());

  it('ends its run as inconclusive with that reason, once, and frees the gang', async () => {
    const [a, b] = await bench.agents();
    for (const agent of [a, b]) agent.behaviour.start = 'silent';
    const plane = await bench.plane();
    const thresholds = ['echo.latency.p99 < 1s every 1s'];
    const { soak } = await submit(plane, { phases: LONG, thresholds });
    const { runId } = await reach(plane, soak.runIds[0], 'measuring');
    const assigned = (agent: typeof a) => {
      const assign = agent.jobs.find((job) => job.kind === 'assign');
      assert.ok(assign?.kind === 'assign');
      return agent.from(assign);
    };
    const broken = fleetWindows(2, () => ({ intended: 'no histogram' }));
    const fleet = { ...fleetResult(), series: { windowSeconds: 1, windows: broken } };
    const server = { ...serverResult(), series: { windowSeconds: 1, windows: serverWindows(2) } };
    await b.report({ kind: 'finished', ...assigned(b), result: fleet });
    await a.report({ kind: 'finished', ...assigned(a), result: server });
    const run = await reach(plane, runId, 'done');
    assert.equal(run.judgement?.verdict, 'inconclusive');
    assert.match(run.judgement?.reasons.join() ?? '', /^the result could not be judged: /);
    assert.equal(await slotsUsed(plane), 0);
    // The control plane looks at its runs many times meanwhile, and judges none again.
    await delay(500);
    const events = await plane.runs.events(runId);
    assert.equal(events.filter(({ state }) => state === 'judging').length, 1);
    const kept = await plane.runs.result(runId);
    assert.equal(kept?.fleets[b.registration.agentId]?.series.windows[0]?.intended, 'no histogram');
  });
});
