import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { benchDispatch } from '../src/cluster/dispatch.ts';

/** Of a busy machine, which is no fault of the dispatch: such a run is inconclusive. */
const LATE = /^(server|fleet) on agent-N failed: the start came N s after the time it was set for$/;

describe('the dispatch bench', () => {
  it('runs forty runs on twenty agents without a fault in the allocation log', async () => {
    const figures = await benchDispatch({ agents: 20, runs: 40 }, new AbortController().signal);
    assert.deepEqual(figures.faults, []);
    const reasons = [...figures.reasons.keys()].flatMap((text) => text.split('; '));
    assert.deepEqual(
      reasons.filter((reason) => !LATE.test(reason)),
      [],
    );
    const { passed = 0, inconclusive = 0, ...others } = figures.verdicts;
    assert.deepEqual(others, {});
    assert.equal(passed + inconclusive, 40);
    assert.ok(passed > 0);
    assert.equal(figures.allocations, 40);
    assert.ok(figures.script.p50Ms > 0 && figures.script.p50Ms <= figures.pass.p50Ms);
  });
});
