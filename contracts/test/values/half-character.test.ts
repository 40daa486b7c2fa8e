import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginningOf, hasHalfCharacter } from '@oversoak/contracts';

/** Both ends of both halves, what is beside them, and what JSON itself escapes. */
const UNITS = [0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0x22, 0x5c, 0x41];

/** Every text of up to so many of these units. */
function textsOf(most: number): string[] {
  if (most === 0) return [''];
  const shorter = textsOf(most - 1);
  return ['', ...shorter.flatMap((text) => UNITS.map((unit) => text + String.fromCharCode(unit)))];
}

const escaped = (text: string) =>
  `"${text.replaceAll(/[^A]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;

test('half a character is found among escapes of any kind', () => {
  for (const text of textsOf(4)) {
    assert.equal(hasHalfCharacter(escaped(text)), !text.isWellFormed(), escaped(text));
    assert.equal(hasHalfCharacter(JSON.stringify(text)), !text.isWellFormed());
  }
  assert.equal(hasHalfCharacter('"\\\\ud800"'), false);
  assert.equal(hasHalfCharacter('"\\\\\\ud800"'), true);
});

test('the beginning of a text does not end within a character', () => {
  assert.equal(beginningOf('ab', 2), 'ab');
  assert.equal(beginningOf('abc', 2), 'ab');
  assert.equal(beginningOf('a\u{1f4a3}', 2), 'a');
  assert.equal(beginningOf('a\u{1f4a3}b', 3), 'a\u{1f4a3}');
});
