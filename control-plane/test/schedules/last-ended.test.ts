import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Verdict } from '@oversoak/contracts';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { lastEnded } from '../../src/schedules/last-ended.ts';
import type { StoredEntry } from '../../src/store/schedules.ts';

const entry = (outcome: StoredEntry['outcome'], soakId: string | null = null): StoredEntry => ({
  ...{ tickAtMs: 1, cause: 'tick', outcome, soakId, note: '', webhook: null },
  request: { key: 'k', fingerprint: 'tick' },
});
const soakOf = (soakId: string) => entry('submitted', soakId);

/** A soak of one run; one that is called after no verdict is at work, `gone` is deleted. */
const soaks = {
  get: async (soakId: string) => {
    if (soakId === 'gone') return null;
    const verdicts = { passed: 0, failed: 0, inconclusive: 0, cancelled: 0 };
    const done = soakId in verdicts ? 1 : 0;
    if (done === 1) verdicts[soakId as Verdict] = 1;
    return {
      soak: {
        ...{ soakId, name: 'made', createdAtMs: 0, runIds: ['run-1'], spec: madeSpec() },
        origin: { kind: 'submitted' as const },
      },
      progress: {
        ...{ begun: 1, done, verdicts, cancelRequested: false },
        ...{ endedAtMs: null, samplesDeleted: false },
      },
    };
  },
};

for (const [what, entries, ended] of [
  ['none', [], { verdict: null, soakId: null }],
  [
    'the newest that is done',
    [soakOf('failed'), soakOf('passed')],
    { verdict: 'failed', soakId: 'failed' },
  ],
  [
    'not one that is at work, about to be, skipped or gone',
    [entry('pending'), soakOf('at-work'), entry('skipped'), soakOf('gone'), soakOf('passed')],
    { verdict: 'passed', soakId: 'passed' },
  ],
  [
    'a refused tick, which measured nothing',
    [entry('refused'), soakOf('passed')],
    { verdict: 'inconclusive', soakId: 'passed' },
  ],
  ['a refused tick alone', [entry('refused')], { verdict: 'inconclusive', soakId: null }],
] as const) {
  it(`the last end of a schedule is ${what}`, async () => {
    const schedules = { entries: async () => [...entries] };
    assert.deepEqual(await lastEnded('night', { schedules, soaks }), ended);
  });
}
