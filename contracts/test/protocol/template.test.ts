import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBytes, readTemplate } from '../../src/protocol/template.ts';

function bytesOf(text: string): string {
  const read = readBytes(text);
  assert.ok('bytes' in read, JSON.stringify(read));
  return Buffer.from(read.bytes).toString('latin1');
}

function problemOf(text: string): string {
  const read = readTemplate(text);
  assert.ok('problem' in read, text);
  return `${read.problem.at}: ${read.problem.detail}`;
}

test('text with escapes, and characters as UTF-8', () => {
  assert.equal(bytesOf('a\\r\\n\\t\\0\\x7f\\\\\\{\\}'), 'a\r\n\t\0\x7f\\{}');
  assert.equal(bytesOf('é'), '\u00c3\u00a9');
  assert.equal(bytesOf('\u{1f600}').length, 4);
});

test('bytes in hexadecimal, with text in quotes', () => {
  assert.equal(bytesOf("hex: 10 00 04 'MQTT' 04"), '\x10\x00\x04MQTT\x04');
  assert.equal(bytesOf("hex:0aFF'it\\'s'"), "\x0a\xffit's");
});

test('placeholders have a name, arguments and a place', () => {
  const read = readTemplate('a{x:1:b}{until:\\:\\r}');
  assert.ok('parts' in read);
  assert.deepEqual(read.parts.slice(1), [
    { kind: 'placeholder', name: 'x', args: ['1', 'b'], at: 1, text: '{x:1:b}' },
    { kind: 'placeholder', name: 'until', args: ['\\:\\r'], at: 8, text: '{until:\\:\\r}' },
  ]);
});

test('what is wrong is named with its place', () => {
  assert.match(problemOf('ab{x'), /^2: "\{" is not closed/);
  assert.match(problemOf('ab}'), /^2: "\}" without "\{"/);
  assert.match(problemOf('{a{b}}'), /^2: "\{" within a placeholder/);
  assert.match(problemOf('a\\q'), /^1: unknown escape \\q; valid: /);
  assert.match(problemOf('a\\'), /^1: unknown escape \\;/);
  assert.match(problemOf('a\\xg0'), /^1: \\x needs two hexadecimal digits/);
  assert.match(problemOf('hex: 00 1'), /^5: "00 1" has half a byte/);
  assert.match(problemOf('hex: 00 zz'), /^8: "z" is no hexadecimal digit/);
  assert.match(problemOf("hex: 'ab"), /^5: the quote ' is not closed/);
  assert.match(problemOf('hex:  '), /^6: is empty/);
});
