import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { openLiveLines } from '../../src/view/live-lines.ts';
import { plainTerminal } from '../plain-terminal.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const ERASE_LINE = '\u001b[2K';

function screen(columns = 40, rows = 10) {
  const terminal = plainTerminal(columns);
  Object.assign(terminal.out, { isTTY: true, columns, rows });
  return { ...terminal, live: true };
}

test('a line is cut to the columns of the terminal, also one of wide characters', () => {
  for (const columns of [1, 20, 80]) {
    const terminal = screen(columns);
    openLiveLines(terminal, () => ['밤'.repeat(100), 'a'.repeat(100)]).stop();
    const [wide = '', narrow = ''] = stripVTControlCharacters(terminal.text()).split('\n');
    // Each of the wide characters takes two columns, and the ellipsis one.
    assert.ok([...wide].length * 2 - 1 <= columns, wide);
    assert.equal(narrow.length, columns);
    assert.match(narrow, /^a*…$/);
  }
});

test('lines beyond the height of the terminal are cut at the top', () => {
  const terminal = screen(40, 5);
  openLiveLines(terminal, () => Array.from({ length: 30 }, (_, line) => `line ${line}`)).stop();
  const text = stripVTControlCharacters(terminal.text());
  assert.ok(text.includes('line 29') && !text.includes('line 3\n'), text);
});

test('printed text stays above the lines, which are redrawn', () => {
  const terminal = screen();
  const lines = openLiveLines(terminal, () => ['the line']);
  lines.print('it stays');
  lines.stop();
  const text = terminal.text();
  assert.match(stripVTControlCharacters(text), /^the line\nit stays\nthe line\n/);
  assert.ok(text.lastIndexOf(ERASE_LINE) > text.lastIndexOf('the line'));
});

test('the cursor is hidden only while there is a line', () => {
  const terminal = screen();
  const texts: string[] = [];
  const lines = openLiveLines(terminal, () => texts);
  assert.equal(terminal.text(), '');
  texts.push('now');
  lines.changed();
  assert.ok(terminal.text().startsWith(HIDE_CURSOR));
  lines.stop();
  assert.ok(terminal.text().endsWith(SHOW_CURSOR));
});

test('nothing is written if nothing was drawn', () => {
  const terminal = screen();
  openLiveLines(terminal, () => []).stop();
  assert.equal(terminal.text(), '');
});

test('lines are computed again as time passes', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const terminal = screen();
  let seconds = 0;
  const lines = openLiveLines(terminal, () => [`${seconds} s`]);
  seconds = 1;
  lines.changed();
  assert.ok(!terminal.text().includes('1 s'));
  t.mock.timers.tick(250);
  assert.ok(terminal.text().includes('1 s'));
  lines.stop();
  seconds = 2;
  t.mock.timers.tick(1_000);
  assert.ok(!terminal.text().includes('2 s'));
});
