import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Judgement } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  MADE_GANG,
  madeResult,
  madeRun,
  madeSpec,
} from '@oversoak/testing/builders/made-figures';
import { compareStored } from '../../src/comparison/compare-stored.ts';
import { publicRun, type RunRecord } from '../../src/model/run-record.ts';
import { expand } from '../../src/submit/expand.ts';

const sound: Judgement = { verdict: 'passed', reasons: [], loadSound: true };
const unsound: Judgement = { verdict: 'inconclusive', reasons: ['saturated'], loadSound: false };

/** Two repeats of the cells; `judged`: of a run, null while it is not done. */
async function notesOf(
  notifier: ('iocp' | 'event')[],
  judged: (run: RunRecord) => Judgement | null,
  disturbedRepeat = 0,
) {
  const spec = madeSpec({ matrix: { notifier, layout: ['homo'], sessions: [10] }, repeats: 2 });
  const runs = expand({ spec }).map((planned) => {
    const run = madeRun({ ...planned, runId: `run-${planned.index}`, gang: [...MADE_GANG] });
    const judgement = judged(run);
    return judgement === null ? run : { ...run, state: 'done' as const, judgement };
  });
  const runIds = runs.map(({ runId }) => runId);
  const soak = { soakId: 'soak-1', name: 'made', createdAtMs: 1, spec, runIds };
  const stored = { ...soak, origin: { kind: 'submitted' as const } };
  const { notes, rankings } = await compareStored(stored, {
    getAll: async () => runs,
    result: async (runId) => {
      const run = runs.find((one) => one.runId === runId);
      if (run === undefined) return null;
      const disturbed = run.repeat === disturbedRepeat ? 250 : 0;
      const fleet = fleetResult(fleetFigures(1100, { load: { disturbed } }));
      return madeResult({ run: publicRun(run), spec, fleets: { 'agent-b': fleet } });
    },
  });
  return { notes, rankings: rankings.length };
}

const isSecond = ({ cell, repeat }: RunRecord) => cell.notifier === 'event' && repeat === 2;

test('a repeat that the rankings leave out, and the table does not, is named', async () => {
  const { notes, rankings } = await notesOf(['iocp', 'event'], (run) =>
    isSecond(run) ? unsound : sound,
  );
  assert.ok(rankings > 0);
  assert.deepEqual(notes, [
    'left out of the rankings, but not of the figures of the cells: ' +
      'event.homo.10 #2 (its load was not sound)',
  ]);
});

test('what is not done yet, and what no ranking could have, is not named', async () => {
  const open = await notesOf(['iocp', 'event'], (run) => (isSecond(run) ? null : sound));
  assert.deepEqual(open.notes, []);
  const alone = await notesOf(['event'], (run) => (isSecond(run) ? unsound : sound));
  assert.deepEqual(alone, { notes: [], rankings: 0 });
});

test('a repeat of which many messages are in no latency is named', async () => {
  const { notes } = await notesOf(['event'], () => sound, 2);
  assert.deepEqual(notes, [
    'standstills of the fleet disturbed more than 1 % of the messages, which are in no latency: ' +
      'event.homo.10 #2 (25 %)',
  ]);
});
