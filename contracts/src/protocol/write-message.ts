import { checksum } from './checksum.ts';
import { FIELD, type Origin, randomBytes, randomSize, randomWord } from './content.ts';
import { lengthField } from './framing.ts';
import { distinctNumbers, encodeNumber, type NumberFormat } from './number-format.ts';
import type { Item, NumberSource, Pattern, Program } from './program.ts';

/** What is filled into a message and compared with its answer. */
export interface Values extends Origin {
  timeUs: number;
}

/** The bytes of one item, from `from` to `to` without it. */
export interface Placed {
  item: Item;
  from: number;
  to: number;
}

export interface Written {
  bytes: Uint8Array;
  placed: Placed[];
}

/** A message to send, with its frame. */
export function writeMessage(program: Program, pattern: Pattern, values: Values): Written {
  const chunks = pattern.map((item) => fixedBytes(item, values));
  const { framing } = program;
  if (framing.by === 'length' || framing.by === 'varint') {
    const at = pattern.findIndex(({ op }) => op === 'length');
    const size = (part: readonly ArrayLike<number>[]) =>
      part.reduce((sum, { length }) => sum + length, 0);
    chunks[at] = lengthField(framing, size(chunks.slice(0, at)), size(chunks.slice(at + 1)));
  }
  const placed: Placed[] = [];
  let end = 0;
  for (const [index, item] of pattern.entries()) {
    const from = end;
    end += chunks[index]?.length ?? 0;
    placed.push({ item, from, to: end });
  }
  const delimiter = framing.by === 'delimiter' ? framing.delimiter : [];
  const bytes = new Uint8Array(end + delimiter.length);
  for (const [index, { from }] of placed.entries()) bytes.set(chunks[index] ?? [], from);
  bytes.set(delimiter, end);
  for (const { item, from, to } of placed) {
    if (item.op !== 'checksum') continue;
    bytes.set(checksumBytes(item, bytes.subarray(0, end), from, to), from);
  }
  return { bytes, placed };
}

/** The next request of a session: an index of `program.requests`. */
export function chooseRequest({ requests }: Program, origin: Origin): number {
  const drawn = randomWord(origin, FIELD.request);
  const index = requests.findIndex(({ below }) => drawn < below);
  return index < 0 ? requests.length - 1 : index;
}

/** The number that stands for a message; an identifier is never 0. */
export function numberOf(
  { of, format }: { of: NumberSource; format: NumberFormat },
  values: Values,
): number {
  if (of !== 'identifier') return NUMBERS[of](values);
  return 1 + (values.sequence % (distinctNumbers(format) - 1));
}

/**
 * The number that names a message that is sent, to people and in the server's log: its identifier or
 * its sequence as it stands in it; of a message with neither, its sequence.
 */
export function namedNumber({ match }: Program, send: Pattern, values: Values): number {
  const named = send.flatMap((item) =>
    item.op === 'number' && (item.of === 'sequence' || item.of === 'identifier') ? [item] : [],
  );
  const matched = match === 'identifier' ? 'identifier' : 'sequence';
  const item = named.find(({ of }) => of === matched) ?? named[0];
  if (item === undefined) return values.sequence;
  return numberOf(item, values) % distinctNumbers(item.format);
}

const NUMBERS: Record<Exclude<NumberSource, 'identifier'>, (values: Values) => number> = {
  sequence: ({ sequence }) => sequence,
  session: ({ session }) => session,
  time: ({ timeUs }) => timeUs,
};

/** The bytes of an item that follow from the values; a checksum and a length come later. */
export function fixedBytes(item: Item, values: Values): ArrayLike<number> {
  switch (item.op) {
    case 'bytes':
      return item.bytes;
    case 'number':
      return encodeNumber(numberOf(item, values), item.format);
    case 'random':
      return randomBytes(values, FIELD.random + item.ordinal, sizeOf(item, values), item.alphabet);
    case 'session-random':
      return randomBytes({ ...values, sequence: 0 }, FIELD.session, item.bytes, item.alphabet);
    case 'size':
      return encodeNumber(sizeOf(item, values), item.format);
    case 'checksum':
      return encodeNumber(0, item.format);
    default:
      return [];
  }
}

function sizeOf({ ordinal, min, max }: Item & { op: 'random' | 'size' }, values: Values): number {
  return min === max ? min : randomSize(values, FIELD.random + ordinal, min, max);
}

/** `message`: without a delimiter. */
export function checksumBytes(
  item: Item & { op: 'checksum' },
  message: Uint8Array,
  from: number,
  to: number,
): number[] {
  const covered =
    item.covers === 'after' ? message.subarray(to) : message.subarray(item.from, from);
  return encodeNumber(checksum(item.name, covered), item.format);
}
