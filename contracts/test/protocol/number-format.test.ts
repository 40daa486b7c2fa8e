import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytesOfFormat,
  decodeNumber,
  distinctNumbers,
  encodeNumber,
  type NumberFormat,
  parseNumberFormat,
} from '../../src/protocol/number-format.ts';

function format(text: string): NumberFormat {
  const parsed = parseNumberFormat(text);
  assert.ok(parsed !== null, text);
  return parsed;
}

const written = (value: number, text: string) =>
  Buffer.from(encodeNumber(value, format(text))).toString('hex');

test('numbers are written as their format says', () => {
  assert.equal(written(0x0102, 'u16le'), '0201');
  assert.equal(written(0x0102, 'u16be'), '0102');
  assert.equal(written(0x01_0203, 'u24be'), '010203');
  assert.equal(written(2 ** 40 + 5, 'u64le'), '0500000000010000');
  assert.equal(written(2 ** 40 + 5, 'u64be'), '0000010000000005');
  assert.equal(Buffer.from(encodeNumber(42, format('d'))).toString(), '42');
  assert.equal(Buffer.from(encodeNumber(42, format('d5'))).toString(), '00042');
  assert.equal(Buffer.from(encodeNumber(255, format('x4'))).toString(), '00ff');
});

test('a number that is too large loses its upper digits', () => {
  assert.equal(written(0x1_02, 'u8'), '02');
  assert.equal(Buffer.from(encodeNumber(1234, format('d2'))).toString(), '34');
});

test('what was written is read again, and nothing else is', () => {
  for (const text of 'u8 u16le u16be u24le u32be u64le u64be d d12 x13'.split(' ')) {
    const each = format(text);
    const value = 987_654_321_987 % distinctNumbers(each);
    assert.equal(decodeNumber(encodeNumber(value, each), each), value, text);
  }
  assert.equal(decodeNumber(Buffer.from('12x'), format('d')), null);
  assert.equal(decodeNumber(new Uint8Array(0), format('d')), null);
  assert.equal(decodeNumber(new Uint8Array(8).fill(255), format('u64le')), null, 'beyond 2^53');
});

test('an unknown format is none', () => {
  for (const text of ['u16', 'u8le', 'u40le', 'd0', 'd16', 'x', 'x14', '', 'U8', 'u16le ']) {
    assert.equal(parseNumberFormat(text), null, text);
  }
  assert.equal(bytesOfFormat(format('d')), null);
  assert.equal(bytesOfFormat(format('d5')), 5);
});
