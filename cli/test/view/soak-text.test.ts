import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SoakSummary } from '@oversoak/contracts';
import { run, soak } from '@oversoak/testing/builders/soaks';
import colors from 'picocolors';
import { soakText } from '../../src/view/soak-text.ts';
import { soaksTable } from '../../src/view/soaks-table.ts';
import { assertGolden } from './golden.ts';

const plain = colors.createColors(false);
const createdAtMs = Date.UTC(2026, 10, 24, 2, 0, 3);
const origin = { kind: 'schedule', schedule: 'nightly', tickAtMs: createdAtMs - 3_000 } as const;

const gang = [
  { agentId: 'agent-a', role: 'server' as const },
  { agentId: 'agent-b', role: 'fleet' as const },
];
const failed = { verdict: 'failed' as const, reasons: ['errors.corrupt is 3'], loadSound: true };
const passed = {
  verdict: 'passed' as const,
  reasons: ['0 errors in 9600 echoes'],
  loadSound: true,
};
const nightly = soak(
  [
    run('run-01kk-0', 'done', { gang, judgement: passed }),
    run('run-01kk-1', 'done', { gang, judgement: failed }),
    run('run-01kk-2', 'measuring', { gang, repeat: 2 }),
    run('run-01kk-3', 'queued', { repeat: 2 }),
  ],
  { soakId: 'soak-01kk', createdAtMs, origin },
);

const listed = (soakId: string, change: Partial<SoakSummary>): SoakSummary => ({
  ...{ soakId, name: 'nightly iocp', createdAtMs, state: 'done', verdict: 'passed' },
  ...{ runs: 12, runsDone: 12, ...change },
});
const list = [
  listed('soak-01kk3', { state: 'queued', verdict: null, runsDone: 0 }),
  listed('soak-01kk2', { verdict: 'inconclusive' }),
  listed('soak-01kk1', {}),
];

for (const columns of [120, 60]) {
  test(`a soak and the list of soaks in ${columns} columns`, () => {
    assertGolden(`soak-${columns}.txt`, `${soakText(nightly, columns, plain)}\n`);
    assertGolden(`soaks-${columns}.txt`, `${soaksTable(list, columns, plain)}\n`);
  });
}

test('a soak with a baseline names it and its soak', () => {
  const against = { baseline: 'main', soakId: 'soak-0', spec: nightly.spec };
  const text = soakText({ ...nightly, against }, 120, plain);
  assert.match(text, /^Against {3}baseline main \(soak-0\)$/m);
});
