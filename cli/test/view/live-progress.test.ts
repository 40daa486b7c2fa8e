import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, soak } from '@oversoak/testing/builders/soaks';
import { ApiUnreachable } from '../../src/api/problem.ts';
import { liveProgress } from '../../src/view/live-progress.ts';
import { plainTerminal } from '../plain-terminal.ts';

const ERASE_LINE = '\u001b[2K';
const SHOW_CURSOR = '\u001b[?25h';

function screen() {
  const terminal = plainTerminal();
  // The cursor is hidden only where there is a terminal.
  Object.assign(terminal.out, { isTTY: true, columns: 120 });
  return { ...terminal, live: true };
}

const judgement = {
  verdict: 'passed' as const,
  reasons: ['0 errors in 9600 echoes'],
  loadSound: true,
};
const done = { kind: 'state', runId: 'run-1', state: 'done', atMs: 0, judgement } as const;

test('on a terminal: a bar that is cleared at the end, and a line for each run that ended', () => {
  const terminal = screen();
  const view = liveProgress(terminal);
  view.soak(soak([run('run-1', 'measuring'), run('run-2', 'queued')]));
  view.event(done);
  view.stop();
  const text = terminal.text();
  assert.match(text, /demo █*░* 50 % {2}18s, 18s left {2}0\/1 cells, 1\/2 runs/);
  assert.equal(text.split('passed; 0 errors in 9600 echoes\n').length, 2);
  assert.ok(text.endsWith(SHOW_CURSOR));
  assert.ok(text.lastIndexOf(ERASE_LINE) > text.lastIndexOf('50 %'), 'the bar is cleared');
});

test('nothing is written while it is paused; afterwards comes what happened meanwhile', () => {
  const terminal = screen();
  const view = liveProgress(terminal);
  view.soak(soak([run('run-1', 'measuring'), run('run-2', 'queued')]));
  view.pause();
  const before = terminal.text();
  assert.ok(before.lastIndexOf(ERASE_LINE) > before.lastIndexOf('%'), 'the bar is cleared away');
  assert.ok(before.endsWith(SHOW_CURSOR), 'the cursor is there for the answer');
  view.event(done);
  view.unreachable(new ApiUnreachable('cannot reach the API'));
  assert.equal(terminal.text(), before);
  view.resume();
  view.stop();
  const after = terminal.text().slice(before.length);
  assert.match(after, /1\/2 runs/);
  assert.equal(after.split('passed; 0 errors in 9600 echoes\n').length, 2);
});
