import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent, RunState } from '@oversoak/contracts';
import { fleetSample, run, soak } from '@oversoak/testing/builders/soaks';
import {
  activeRuns,
  elapsedSeconds,
  runErrors,
  sumOfFleets,
  totalSeconds,
  withEvent,
  withSoak,
} from '../../src/watch/progress.ts';

const state = (runId: string, next: RunState): RunEvent => ({
  kind: 'state',
  runId,
  state: next,
  atMs: 0,
  judgement: null,
});

test('a soak that has not started has its full plan ahead', () => {
  const progress = withSoak(soak([run('run-1', 'queued'), run('run-2', 'queued')]));
  assert.equal(totalSeconds(progress), 36);
  assert.equal(elapsedSeconds(progress), 0);
  assert.deepEqual(activeRuns(progress), []);
});

test('samples advance the run; the rate is that between two samples; fleets are added up', () => {
  let progress = withSoak(soak([run('run-1', 'measuring')]));
  const samples = [
    fleetSample('run-1', 4, 3_000),
    fleetSample('run-1', 5, 3_800, { errors: { corrupt: 2 } }),
    fleetSample('run-1', 5, 1_000, { agentId: 'agent-c' }),
  ];
  for (const sample of samples) progress = withEvent(progress, { kind: 'sample', sample });
  const [first] = activeRuns(progress);
  assert.ok(first);
  assert.equal(sumOfFleets(first, 'echoesPerSecond'), 800 + 200);
  assert.equal(sumOfFleets(first, 'live'), 200);
  assert.equal(runErrors(first), 2);
  assert.equal(elapsedSeconds(progress), 5);
});

test('a finished run counts in full, and a longer one no more than planned', () => {
  let progress = withSoak(soak([run('run-1', 'measuring'), run('run-2', 'queued')]));
  progress = withEvent(progress, { kind: 'sample', sample: fleetSample('run-1', 40, 1) });
  assert.equal(elapsedSeconds(progress), 18);
  progress = withSoak(soak([run('run-1', 'done'), run('run-2', 'preparing')]), progress);
  assert.equal(elapsedSeconds(progress), 18);
  assert.equal(progress.runs[0]?.sinceStartSeconds, 40, 'what was seen is kept');
});

test('a state before the known one is ignored', () => {
  let progress = withSoak(soak([run('run-1', 'measuring')]));
  progress = withEvent(progress, state('run-1', 'preparing'));
  assert.equal(progress.runs[0]?.state, 'measuring');
  progress = withEvent(progress, state('run-1', 'draining'));
  progress = withSoak(soak([run('run-1', 'measuring')]), progress);
  assert.equal(progress.runs[0]?.state, 'draining');
});

test('an event of a run of another soak is ignored', () => {
  const progress = withSoak(soak([run('run-1', 'queued')]));
  assert.deepEqual(withEvent(progress, state('run-9', 'done')), progress);
});
