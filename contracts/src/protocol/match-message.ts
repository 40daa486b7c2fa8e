import { amount } from '../values/amount.ts';
import { indexOfBytes, readLength } from './framing.ts';
import { decodeNumber } from './number-format.ts';
import type { Item, MatchField, Pattern, Program } from './program.ts';
import { checksumBytes, fixedBytes, type Placed, type Values } from './write-message.ts';

/** How a message differs from what was expected. */
export interface Difference {
  /** Of the first wrong byte, in the message. */
  offset: number;
  /** The item that it belongs to; null: bytes behind the last item. */
  item: Item | null;
  what: string;
  /** From that byte on, at most EXCERPT_BYTES. */
  expected: number[];
  got: number[];
}

export type Matched =
  | { status: 'matched'; bytes: number; placed: Placed[] }
  /** So far it fits, and more bytes can make it whole. */
  | { status: 'incomplete' }
  | { status: 'differs'; difference: Difference; placed: Placed[] };

export const EXCERPT_BYTES = 32;
/** Of {digits}. */
export const MAX_DIGITS = 20;

const excerpt = (bytes: ArrayLike<number>, from = 0) =>
  Array.from(
    { length: Math.min(EXCERPT_BYTES, Math.max(0, bytes.length - from)) },
    (_, at) => bytes[from + at] ?? 0,
  );

/** An item ended at `to`, has not come as a whole, or has another content. */
type Read = { to: number } | 'incomplete' | Difference;

/**
 * Holds a message against a pattern. `whole`: `data` is exactly one message; otherwise its beginning
 * may be one. `values`: of the request that it would answer.
 */
export function matchMessage(
  program: Program,
  pattern: Pattern,
  data: Uint8Array,
  values: Values,
  whole: boolean,
): Matched {
  const placed: Placed[] = [];
  let at = 0;
  for (const item of pattern) {
    const read = readItem(program, item, data, at, values);
    if (read === 'incomplete') {
      return whole ? differs(tooShort(item, data, at, values), placed) : { status: 'incomplete' };
    }
    if (!('to' in read)) return differs(read, placed);
    placed.push({ item, from: at, to: read.to });
    at = read.to;
  }
  if (whole && at < data.length) {
    const what = `${amount(data.length - at, 'byte')} more than expected`;
    return differs({ offset: at, item: null, what, expected: [], got: excerpt(data, at) }, placed);
  }
  return lateChecksum(placed, data.subarray(0, at)) ?? { status: 'matched', bytes: at, placed };
}

const differs = (difference: Difference, placed: Placed[]): Matched => ({
  status: 'differs',
  difference,
  placed,
});

function tooShort(item: Item, data: Uint8Array, at: number, values: Values): Difference {
  const expected = excerpt(fixedBytes(item, values), data.length - at);
  return { offset: data.length, item, what: 'the message ends before this', expected, got: [] };
}

function readItem(
  program: Program,
  item: Item,
  data: Uint8Array,
  at: number,
  values: Values,
): Read {
  switch (item.op) {
    case 'bytes':
    case 'number':
    case 'random':
    case 'session-random':
    case 'size':
      return sameBytes(item, fixedBytes(item, values), data, at);
    case 'length':
      return lengthAt(program, data, at);
    case 'checksum':
      return checksumAt(item, data, at);
    case 'any':
      return at + item.bytes > data.length ? 'incomplete' : { to: at + item.bytes };
    case 'not':
      return otherBytes(item, data, at);
    case 'until': {
      const found = indexOfBytes(data, item.bytes, at);
      return found < 0 ? 'incomplete' : { to: found + item.bytes.length };
    }
    case 'digits':
      return digitsAt(item, data, at);
    case 'rest':
      return { to: data.length };
  }
}

function sameBytes(item: Item, expected: ArrayLike<number>, data: Uint8Array, at: number): Read {
  for (let index = 0; index < expected.length; index++) {
    const got = data[at + index];
    if (got === undefined) return 'incomplete';
    if (got !== expected[index]) {
      const offset = at + index;
      return {
        offset,
        item,
        what: 'other bytes',
        expected: excerpt(expected, index),
        got: excerpt(data, offset),
      };
    }
  }
  return { to: at + expected.length };
}

function otherBytes(item: Item & { op: 'not' }, data: Uint8Array, at: number): Read {
  const to = at + item.bytes.length;
  if (to > data.length) return 'incomplete';
  if (item.bytes.some((byte, index) => data[at + index] !== byte)) return { to };
  return {
    offset: at,
    item,
    what: 'bytes that must not be there',
    expected: [],
    got: excerpt(data, at),
  };
}

function digitsAt(item: Item, data: Uint8Array, at: number): Read {
  const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 48 && byte <= 57;
  let to = at;
  while (isDigit(data[to])) to += 1;
  const got = excerpt(data, at);
  if (to - at > MAX_DIGITS) {
    return { offset: at, item, what: `more than ${MAX_DIGITS} digits`, expected: [], got };
  }
  if (to > at) return { to };
  return at >= data.length
    ? 'incomplete'
    : { offset: at, item, what: 'no digit', expected: [], got };
}

/** The frame was cut by it, so it fits; only its place is looked at. */
function lengthAt({ framing }: Program, data: Uint8Array, at: number): Read {
  if (framing.by !== 'length' && framing.by !== 'varint') return { to: at };
  const length = readLength(framing, data);
  return length === null || 'detail' in length ? 'incomplete' : { to: length.fieldEnd };
}

function checksumAt(item: Item & { op: 'checksum' }, data: Uint8Array, at: number): Read {
  const expected = checksumBytes(item, data, at, at);
  if (at + expected.length > data.length) return 'incomplete';
  // What it covers has not been read yet.
  if (item.covers === 'after') return { to: at + expected.length };
  const read = sameBytes(item, expected, data, at);
  return wrongChecksum(item, read);
}

function wrongChecksum(item: Item & { op: 'checksum' }, read: Read): Read {
  return typeof read === 'object' && 'what' in read
    ? { ...read, what: `not its ${item.name}` }
    : read;
}

/** A checksum over what follows it is compared when the message is whole; null: it fits. */
function lateChecksum(placed: Placed[], message: Uint8Array): Matched | null {
  for (const { item, from, to } of placed) {
    if (item.op !== 'checksum' || item.covers !== 'after') continue;
    const expected = checksumBytes(item, message, from, to);
    const read = wrongChecksum(item, sameBytes(item, expected, message, from));
    if (typeof read === 'object' && 'what' in read) return differs(read, placed);
  }
  return null;
}

/** The number by which an answer names its request; null: it has not come, or is no number. */
export function matchedNumber({ offset, format }: MatchField, data: Uint8Array): number | null {
  const bytes = format.kind === 'binary' ? format.bytes : format.digits;
  if (data.length < offset + bytes) return null;
  return decodeNumber(data.subarray(offset, offset + bytes), format);
}
