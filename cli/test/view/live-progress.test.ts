import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveProgress } from '../../src/view/live-progress.ts';
import { plainTerminal } from '../plain-terminal.ts';
import { run, soak } from '../soaks.ts';

test('on a terminal: a bar that is cleared at the end, and a line for each run that ended', () => {
  const terminal = plainTerminal();
  // cli-progress draws only where it believes in a terminal.
  Object.assign(terminal.out, { isTTY: true, columns: 120 });
  const view = liveProgress({ ...terminal, live: true });
  view.soak(soak([run('run-1', 'measuring'), run('run-2', 'queued')]));
  const judgement = { verdict: 'passed' as const, reasons: ['0 errors in 9600 echoes'] };
  view.event({ kind: 'state', runId: 'run-1', state: 'done', atMs: 0, judgement });
  view.stop();
  const text = terminal.text();
  assert.match(text, /demo █*░* 50 % {2}1\/2 runs/);
  assert.equal(text.split('passed; 0 errors in 9600 echoes\n').length, 2);
  const [clearDown, showCursor] = ['\u001b[0J', '\u001b[?25h'];
  assert.ok(text.includes(showCursor));
  assert.ok(text.lastIndexOf(clearDown) > text.lastIndexOf('50 %'), 'the bar is cleared');
});
