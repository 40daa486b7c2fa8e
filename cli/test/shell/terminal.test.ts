import assert from 'node:assert/strict';
import { test } from 'node:test';
import { print, warn } from '../../src/shell/terminal.ts';
import { plainTerminal } from '../plain-terminal.ts';

test('no line is a command to a pipeline of GitHub', () => {
  const terminal = plainTerminal();
  print(terminal, 'why\n::error title=x::pwned\n  ::stop-commands::x\nso ##[add-mask]y');
  warn(terminal, '::add-mask::passed');
  assert.equal(
    terminal.text() + terminal.errors(),
    'why\n| ::error title=x::pwned\n  | ::stop-commands::x\nso | ##[add-mask]y\n| ::add-mask::passed\n',
  );
});

test('a long text takes no more than its length', () => {
  const terminal = plainTerminal();
  // The square of these would take hours.
  for (const part of ['\n', ' ', '::a', ':: ']) print(terminal, part.repeat(500_000));
  assert.ok(terminal.text().length > 2_500_000);
});

test('addresses and headings are as they are', () => {
  const terminal = plainTerminal();
  const text = '::1 and ::ffff:127.0.0.1\n## Heading\n::ffff:10.0.0.1 passed';
  print(terminal, text);
  assert.equal(terminal.text(), `${text}\n`);
});
