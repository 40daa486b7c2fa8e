import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetSample, run, soak } from '@oversoak/testing/builders/soaks';
import { ApiUnreachable } from '../../src/api/problem.ts';
import { plainProgress } from '../../src/view/plain-progress.ts';
import { plainTerminal } from '../plain-terminal.ts';

test('on a pipe: a line per state change, one every five seconds, and the verdict', () => {
  const terminal = plainTerminal();
  let nowMs = 0;
  const view = plainProgress(terminal, () => nowMs);
  view.soak(soak([run('run-1', 'queued'), run('run-2', 'queued')]));
  view.soak(soak([run('run-1', 'queued'), run('run-2', 'queued')]));
  nowMs = 500;
  view.soak(soak([run('run-1', 'measuring'), run('run-2', 'queued')]));
  for (let second = 1; second <= 11; second += 1) {
    nowMs = 500 + second * 1_000;
    view.event({ kind: 'sample', sample: fleetSample('run-1', second, second * 800) });
  }
  const judgement = {
    verdict: 'passed' as const,
    reasons: ['0 errors in 8800 echoes'],
    loadSound: true,
  };
  view.event({ kind: 'state', runId: 'run-1', state: 'done', atMs: 0, judgement });
  nowMs = 60_000;
  view.soak(soak([run('run-1', 'done', { judgement }), run('run-2', 'preparing')]));
  view.stop();
  assert.deepEqual(terminal.text().split('\n'), [
    '    0.0 s  demo: queued for 1s: waiting for agents',
    '    0.5 s  iocp.homo.100 #1: measuring',
    '    5.5 s  iocp.homo.100 #1: measuring, 5 s, 800 echoes/s, 100 live sessions, 0 errors',
    '   10.5 s  iocp.homo.100 #1: measuring, 10 s, 800 echoes/s, 100 live sessions, 0 errors',
    '   11.5 s  iocp.homo.100 #1: passed; 0 errors in 8800 echoes',
    '   60.0 s  iocp.homo.100 #1: preparing',
    '',
  ]);
});

test('an unavailable API is reported on standard error', () => {
  const terminal = plainTerminal();
  plainProgress(terminal, () => 0).unreachable(new ApiUnreachable('cannot reach the API'));
  assert.equal(terminal.errors(), 'cannot reach the API; trying again with growing pauses\n');
});

test('nothing is written while it is paused; afterwards comes what happened meanwhile', () => {
  const terminal = plainTerminal();
  const view = plainProgress(terminal, () => 60_000);
  view.pause();
  view.soak(soak([run('run-1', 'measuring'), run('run-2', 'queued')]));
  view.unreachable(new ApiUnreachable('cannot reach the API'));
  assert.deepEqual([terminal.text(), terminal.errors()], ['', '']);
  view.resume();
  assert.equal(terminal.text(), '    0.0 s  iocp.homo.100 #1: measuring\n');
});

test('on a pipe, a waiting soak is reported once a minute', () => {
  const terminal = plainTerminal();
  let nowMs = 0;
  const view = plainProgress(terminal, () => nowMs);
  for (; nowMs <= 120_000; nowMs += 1_000) view.soak(soak([run('run-1', 'queued')]));
  assert.deepEqual(terminal.text().split('\n'), [
    '    0.0 s  demo: queued for 1s: waiting for agents',
    '   60.0 s  demo: queued for 1m: waiting for agents',
    '  120.0 s  demo: queued for 2m: waiting for agents',
    '',
  ]);
});
