import { isUtf8 } from 'node:buffer';
import type { Problem } from '@oversoak/contracts';

/** A byte that begins a character, by its highest bits, and the bytes of the character. */
const LENGTHS = [
  [0b0111_1111, 1],
  [0b1101_1111, 2],
  [0b1110_1111, 3],
  [0b1111_1111, 4],
] as const;
const NEWLINE = 0x0a;
/** Bytes that are looked at character by character. */
const LONGEST_STEP_BY_STEP = 16;

/**
 * The text of a spec's bytes. What is no UTF-8 is refused: a decoder would put replacement
 * characters in its place, and the spec would be another than was written.
 */
export function utf8Text(bytes: Uint8Array): { text: string } | { problems: Problem[] } {
  if (isUtf8(bytes)) return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
  const offset = firstInvalid(bytes);
  const before = bytes.subarray(0, offset);
  const line = before.reduce((lines, byte) => lines + Number(byte === NEWLINE), 1);
  const hex = (bytes[offset] ?? 0).toString(16).toUpperCase();
  const detail =
    `line ${line}: byte 0x${hex} at offset ${offset} is not UTF-8${hint(bytes)}; ` +
    'save the text as UTF-8';
  return { problems: [{ pointer: '', detail }] };
}

/** The offset of the first byte that no character has; the bytes are not UTF-8. */
function firstInvalid(bytes: Uint8Array): number {
  let offset = 0;
  // First in large steps, each of whole characters: a body has megabytes.
  for (let size = bytes.length; size > LONGEST_STEP_BY_STEP; size = Math.ceil(size / 2)) {
    while (isUtf8(bytes.subarray(offset, offset + size))) offset += size;
  }
  for (;;) {
    const first = bytes[offset] ?? 0;
    const length = LENGTHS.find(([most]) => first <= most)?.[1] ?? 1;
    if (!isUtf8(bytes.subarray(offset, offset + length))) return offset;
    offset += length;
  }
}

/** What PowerShell's `>` writes. */
function hint([first, second]: Uint8Array): string {
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16 ? ' (the text is UTF-16)' : '';
}
