import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { benchDispatch } from '../src/cluster/dispatch.ts';

describe('the dispatch bench', () => {
  it('runs forty runs on twenty agents without a fault in the allocation log', async () => {
    const figures = await benchDispatch({ agents: 20, runs: 40 }, new AbortController().signal);
    assert.deepEqual(figures.faults, []);
    assert.deepEqual(figures.verdicts, { passed: 40 }, [...figures.reasons.keys()].join('\n'));
    assert.equal(figures.allocations, 40);
    assert.ok(figures.script.p50Ms > 0 && figures.script.p50Ms <= figures.pass.p50Ms);
  });
});
