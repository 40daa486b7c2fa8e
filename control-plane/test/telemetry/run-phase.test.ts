import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { environment } from '@oversoak/testing/builders/made-agents';
import {
  MADE_GANG,
  madeResult,
  madeRun,
  targetResult,
} from '@oversoak/testing/builders/made-figures';
import { systemOfResult } from '../../src/judge/result.ts';
import type { RunRecord } from '../../src/model/run-record.ts';
import { attributesOfRun, attributesOfVerdict, endedPhase } from '../../src/telemetry/run-phase.ts';

const at = (state: RunRecord['state'], stateSinceMs: number, changes: Partial<RunRecord> = {}) =>
  madeRun({ state, stateSinceMs, epoch: 1, gang: [...MADE_GANG], ...changes });
const lost = { verdict: 'inconclusive', reason: 'agent-a was lost' } as const;

describe('endedPhase', () => {
  for (const [before, after, phase] of [
    [at('queued', 1), at('allocating', 2), null],
    [at('allocating', 2), at('preparing', 5), { name: 'run.dispatch', startMs: 2, endMs: 5 }],
    [at('preparing', 5), at('preparing', 5, { version: 9 }), null],
    [at('preparing', 5), at('starting', 8), { name: 'run.prepare', startMs: 5, endMs: 8 }],
    [at('warming', 9), at('measuring', 10), null],
    [at('judging', 20), at('judging', 21), null],
    [at('judging', 21), at('done', 22), { name: 'run.verdict', startMs: 21, endMs: 22 }],
  ] as const) {
    it(`is ${phase?.name ?? 'nothing'} between ${before.state} and ${after.state}`, () => {
      assert.deepEqual(endedPhase(before, after), phase);
    });
  }

  it('ends a start when the agents started, however late the state is stored', () => {
    const startAtMs = 500;
    const before = at('starting', 8, { startAtMs });
    for (const [after, phase] of [
      [at('warming', 700, { startAtMs }), { endMs: 500 }],
      [at('judging', 9000, { startAtMs, ending: lost }), { endMs: 500 }],
      [at('judging', 100, { startAtMs, ending: lost }), { endMs: 100, failed: lost.reason }],
    ] as const) {
      assert.deepEqual(endedPhase(before, after), { name: 'run.start', startMs: 8, ...phase });
    }
  });

  it('contains why a phase failed, and after a cancel only that it ended', () => {
    const failed = at('judging', 7, { ending: lost });
    const cancelled = at('judging', 7, { ending: { verdict: 'cancelled', reason: 'by request' } });
    for (const [state, name] of [
      ['allocating', 'run.dispatch'],
      ['preparing', 'run.prepare'],
    ] as const) {
      const phase = { name, startMs: 5, endMs: 7 };
      assert.deepEqual(endedPhase(at(state, 5), failed), { ...phase, failed: lost.reason });
      assert.deepEqual(endedPhase(at(state, 5), cancelled), phase);
    }
    // The judgement itself went well.
    const done = at('done', 8, { ending: lost });
    assert.deepEqual(endedPhase(failed, done), { name: 'run.verdict', startMs: 7, endMs: 8 });
  });
});

describe('attributes', () => {
  it('name a run, its cell and its soak', () => {
    const run = madeRun({ epoch: 3 });
    const attributes = {
      'oversoak.soak.id': 'soak-1',
      'oversoak.soak.name': 'made',
      'oversoak.run.id': 'run-1',
      'oversoak.run.epoch': 3,
      'oversoak.run.repeat': 1,
      'oversoak.cell': 'iocp.homo.10',
      'oversoak.notifier': 'iocp',
      'oversoak.layout': 'homo',
      'oversoak.sessions': 10,
    };
    assert.deepEqual(attributesOfRun(run, 'made'), attributes);
    const { 'oversoak.soak.name': _, ...nameless } = attributes;
    assert.deepEqual(attributesOfRun(run, null), nameless);
  });

  it('mark a target', () => {
    const { cell } = targetResult().run;
    const attributes = attributesOfRun(madeRun({ cell }), null);
    assert.equal(attributes['oversoak.notifier'], 'target');
    assert.equal(attributes['oversoak.layout'], 'target');
  });

  it('contain the first reason of a verdict, the platform and the schedule', () => {
    const judgement = { verdict: 'failed' as const, reasons: ['first', 'second'], loadSound: true };
    assert.deepEqual(attributesOfVerdict(madeRun({ judgement }), madeResult(), 'night'), {
      'oversoak.schedule': 'night',
      'oversoak.platform': 'wine',
      'oversoak.verdict': 'failed',
      'oversoak.verdict.reason': 'first',
    });
    // All schedules are chosen by a pattern, which matches no attribute that is missing.
    assert.deepEqual(attributesOfVerdict(madeRun(), madeResult({ environments: {} }), null), {
      'oversoak.schedule': '',
    });
  });
});

describe('systemOfResult', () => {
  const windows = environment();
  windows.capabilities.wineVersion = null;

  it('is that of the server, or of the fleet with a target', () => {
    const environments = { 'agent-a': windows, 'agent-b': environment() };
    assert.equal(systemOfResult(madeResult({ environments })), 'windows');
    assert.equal(systemOfResult(targetResult({ environments })), 'wine');
  });
});
