import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, soak } from '@oversoak/testing/builders/soaks';
import { ApiUnreachable } from '../../src/api/problem.ts';
import { liveProgress } from '../../src/view/live-progress.ts';
import { plainTerminal } from '../plain-terminal.ts';

function screen() {
  const terminal = plainTerminal();
  // cli-progress draws only where it believes in a terminal.
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
  assert.match(text, /demo █*░* 50 % {2}1\/2 runs/);
  assert.equal(text.split('passed; 0 errors in 9600 echoes\n').length, 2);
  const [clearDown, showCursor] = ['\u001b[0J', '\u001b[?25h'];
  assert.ok(text.includes(showCursor));
  assert.ok(text.lastIndexOf(clearDown) > text.lastIndexOf('50 %'), 'the bar is cleared');
});

test('while it is paused nothing is written; then comes what happened meanwhile', () => {
  const terminal = screen();
  const view = liveProgress(terminal);
  view.soak(soak([run('run-1', 'measuring'), run('run-2', 'queued')]));
  view.pause();
  const before = terminal.text();
  assert.ok(before.endsWith('\u001b[0J'), 'the bar is cleared away');
  assert.ok(before.includes('\u001b[?25h'), 'the cursor is there for the answer');
  view.event(done);
  view.unreachable(new ApiUnreachable('cannot reach the API'));
  assert.equal(terminal.text(), before);
  view.resume();
  view.stop();
  const after = terminal.text().slice(before.length);
  assert.match(after, /1\/2 runs/);
  assert.equal(after.split('passed; 0 errors in 9600 echoes\n').length, 2);
});
