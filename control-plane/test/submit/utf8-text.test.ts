import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { utf8Text } from '../../src/submit/utf8-text.ts';

describe('utf8Text', () => {
  it('is the text, with its mark at the begin and what a decoder puts for other bytes', () => {
    for (const text of ['', 'name: a\n', '\ufeffname: \u00e9\u4e00\u{1f600}', 'name: \ufffd']) {
      assert.deepEqual(utf8Text(Buffer.from(text)), { text });
    }
  });

  for (const [name, bytes, place] of [
    ['a byte that begins no character', [0x61, 0x0a, 0x80], 'line 2: byte 0x80 at offset 2'],
    ['a character that another one ends', [0xe2, 0x82, 0x61], 'line 1: byte 0xE2 at offset 0'],
    ['a character that the end ends', [0xc3, 0xa9, 0xc3], 'line 1: byte 0xC3 at offset 2'],
    ['a character in too many bytes', [0xc0, 0xaf], 'line 1: byte 0xC0 at offset 0'],
    ['half of a pair', [0x0a, 0x0a, 0xed, 0xa0, 0x80], 'line 3: byte 0xED at offset 2'],
    ['what no character has', [0xf0, 0x9f, 0x98, 0x80, 0xff], 'line 1: byte 0xFF at offset 4'],
  ] as const) {
    it(`refuses ${name}`, () => {
      const detail = `${place} is not UTF-8; save the text as UTF-8`;
      assert.deepEqual(utf8Text(Uint8Array.from(bytes)), { problems: [{ pointer: '', detail }] });
    });
  }

  it('finds the place in megabytes, whatever the characters are', () => {
    for (const character of ['a', '\u00e9', '\u4e00', '\u{1f600}']) {
      const before = Buffer.from(`\n${character.repeat(500_000)}`);
      const read = utf8Text(Buffer.concat([before, Buffer.from([0xff]), before]));
      assert.match(JSON.stringify(read), new RegExp(`byte 0xFF at offset ${before.length} `));
    }
  });

  it('knows what is UTF-16', () => {
    const read = utf8Text(Buffer.from('\ufeffname: a\n', 'utf16le'));
    assert.match(JSON.stringify(read), /offset 0 is not UTF-8 \(the text is UTF-16\)/);
  });
});
