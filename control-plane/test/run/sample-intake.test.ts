import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Sample } from '@oversoak/contracts';
import { MADE_GANG, madeRun } from '@oversoak/testing/builders/made-figures';
import type { RunRecord } from '../../src/model/run-record.ts';
import { SampleIntake } from '../../src/run/sample-intake.ts';

const running = madeRun({ state: 'measuring', epoch: 2, gang: [...MADE_GANG] });
const sample: Sample = {
  runId: running.runId,
  epoch: 2,
  agentId: 'agent-a',
  role: 'server',
  atMs: 1,
  phase: 'measuring',
  sinceStartSeconds: 1,
};

/** What becomes of a sample of `agentId`. */
async function taken(agentId: string, text: string, run: RunRecord | null = running) {
  const seen: string[] = [];
  const intake = new SampleIntake({
    runs: {
      get: async (runId) => (runId === run?.runId ? run : null),
      addSample: async (runId) => void seen.push(`added to ${runId}`),
      refuseReport: async (reason) => void seen.push(reason),
    },
    nowMs: async () => 100_000,
  });
  await intake.take(agentId, text);
  return seen.join(', ');
}
const sampleText = (changes: Partial<Sample> = {}) => JSON.stringify({ ...sample, ...changes });

it('a sample is taken from a member of the gang, about this allocation', async () => {
  assert.equal(await taken('agent-a', sampleText()), `added to ${running.runId}`);
  assert.equal(await taken('agent-b', sampleText()), 'sample-other-sender');
  assert.equal(await taken('agent-a', sampleText({ role: 'fleet' })), 'sample-not-in-gang');
  assert.equal(await taken('agent-c', sampleText({ agentId: 'agent-c' })), 'sample-not-in-gang');
  assert.equal(await taken('agent-a', sampleText({ epoch: 1 })), 'sample-other-epoch');
  assert.equal(await taken('agent-a', sampleText({ epoch: 3 })), 'sample-other-epoch');
  assert.equal(await taken('agent-a', sampleText({ runId: 'ghost' })), 'sample-unknown-run');
  assert.equal(await taken('agent-a', '{'), 'sample-invalid');
});

it('a sample comes a little after its run is done, and no later', async () => {
  const done = { ...running, state: 'done' as const };
  const lately = { ...done, stateSinceMs: 99_000 };
  assert.equal(await taken('agent-a', sampleText(), lately), `added to ${running.runId}`);
  assert.equal(
    await taken('agent-a', sampleText(), { ...done, stateSinceMs: 1 }),
    'sample-run-is-done',
  );
});
