import { amount } from '../values/amount.ts';
import { decodeNumber, encodeNumber } from './number-format.ts';
import type { ProgramFraming } from './program.ts';

export type Cut =
  /** It has so many bytes at least. */
  | { status: 'incomplete'; bytes: number }
  /** The message is the first `bytes`; what has to be looked at is its first `contentBytes`. */
  | { status: 'complete'; bytes: number; contentBytes: number }
  | { status: 'broken'; detail: string };

export const MAX_VARINT_BYTES = 4;

/**
 * The message at the start of `data`. Not for the framing "template", where only a template
 * determines it.
 */
export function cutMessage(
  framing: Exclude<ProgramFraming, { by: 'template' }>,
  data: Uint8Array,
  maxMessageBytes: number,
): Cut {
  const cut = framing.by === 'delimiter' ? atDelimiter(framing, data) : byLength(framing, data);
  if (cut.status === 'broken' || cut.bytes <= maxMessageBytes) return cut;
  const detail = `a message of ${amount(cut.bytes, 'byte')} or more; maxMessageBytes is ${maxMessageBytes}`;
  return { status: 'broken', detail };
}

function atDelimiter({ delimiter }: ProgramFraming & { by: 'delimiter' }, data: Uint8Array): Cut {
  const at = indexOfBytes(data, delimiter, 0);
  if (at < 0) return { status: 'incomplete', bytes: data.length };
  return { status: 'complete', bytes: at + delimiter.length, contentBytes: at };
}

function byLength(framing: ProgramFraming & { by: 'length' | 'varint' }, data: Uint8Array): Cut {
  const length = readLength(framing, data);
  if (length === null) return { status: 'incomplete', bytes: data.length };
  if ('detail' in length) return { status: 'broken', detail: length.detail };
  const { value, fieldEnd } = length;
  const bytes = value + (framing.by === 'varint' ? fieldEnd : framing.addedBytes);
  if (bytes < fieldEnd) {
    const detail = `the length field says ${value}, which would end the message within its own header`;
    return { status: 'broken', detail };
  }
  if (bytes > data.length) return { status: 'incomplete', bytes };
  return { status: 'complete', bytes, contentBytes: bytes };
}

/** The length field at the start of a message; null: it has not come yet. */
export function readLength(
  framing: ProgramFraming & { by: 'length' | 'varint' },
  data: Uint8Array,
): { value: number; fieldEnd: number } | { detail: string } | null {
  const { offset } = framing;
  if (framing.by === 'length') {
    const fieldEnd = offset + framing.bytes;
    if (data.length < fieldEnd) return null;
    return { value: decodeNumber(data.subarray(offset, fieldEnd), framing.format) ?? 0, fieldEnd };
  }
  let value = 0;
  for (let at = 0; at < MAX_VARINT_BYTES; at++) {
    const byte = data[offset + at];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 0x80 ** at;
    if (byte < 0x80) return { value, fieldEnd: offset + at + 1 };
  }
  return { detail: `the length at byte ${offset} has more than ${MAX_VARINT_BYTES} bytes` };
}

/** The bytes of a length field, of a message with `before` bytes before it and `after` behind it. */
export function lengthField(
  framing: ProgramFraming & { by: 'length' | 'varint' },
  before: number,
  after: number,
): number[] {
  if (framing.by === 'length') {
    return encodeNumber(before + framing.bytes + after - framing.addedBytes, framing.format);
  }
  const bytes: number[] = [];
  let rest = after;
  do {
    const low = rest % 0x80;
    rest = Math.floor(rest / 0x80);
    bytes.push(rest > 0 ? low + 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** −1: it is not there. */
export function indexOfBytes(data: Uint8Array, searched: readonly number[], from: number): number {
  const [first = 0] = searched;
  let at = data.indexOf(first, from);
  while (at >= 0) {
    if (searched.every((byte, index) => data[at + index] === byte)) return at;
    at = data.indexOf(first, at + 1);
  }
  return -1;
}
