import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import {
  CHECKSUMS,
  type ChecksumName,
  checksum,
  checksumBits,
} from '../../src/protocol/checksum.ts';

/** Of the ASCII text "123456789": the check values of the CRC catalogue, and sums made by hand. */
const CHECKS: Record<ChecksumName, number> = {
  crc8: 0xf4,
  'crc16-arc': 0xbb3d,
  'crc16-modbus': 0x4b37,
  'crc16-xmodem': 0x31c3,
  'crc16-ccitt-false': 0x29b1,
  crc32: 0xcbf4_3926,
  crc32c: 0xe306_9283,
  adler32: 0x091e_01de,
  fletcher16: 0x1ede,
  sum8: 0xdd,
  sum16: 0x01dd,
  sum32: 0x01dd,
  xor8: 0x31,
};

const text = new TextEncoder().encode('123456789');

test('each checksum has its published check value', () => {
  for (const name of CHECKSUMS) {
    assert.equal(checksum(name, text).toString(16), CHECKS[name].toString(16), name);
    assert.ok(checksum(name, text) < 2 ** checksumBits(name), name);
  }
});

test('crc32 is that of zlib, for every byte and for none', () => {
  const all = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7) & 0xff);
  assert.equal(checksum('crc32', all), crc32(all));
  assert.equal(checksum('crc32', new Uint8Array(0)), 0);
});
