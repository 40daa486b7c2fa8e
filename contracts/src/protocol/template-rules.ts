import { amount } from '../values/amount.ts';
import { sizesOf, type TemplateContext } from './compile-template.ts';
import { indexOfBytes } from './framing.ts';
import { distinctNumbers } from './number-format.ts';
import type { Item, Pattern, ProgramFraming } from './program.ts';
import type { TemplateProblem } from './template.ts';

/** What a whole message that is sent must have; null: nothing is wrong. */
export function sendProblem(items: Pattern, context: TemplateContext): TemplateProblem | null {
  const { framing, maxMessageBytes } = context;
  const longest = longestBytes(items, framing);
  if (longest > maxMessageBytes) {
    return {
      at: 0,
      detail: `has up to ${amount(longest, 'byte')}; maxMessageBytes is ${maxMessageBytes}`,
    };
  }
  if (framing.by === 'length' || framing.by === 'varint') {
    return lengthProblem(items, framing, longest);
  }
  return framing.by === 'delimiter' ? delimiterProblem(items, framing.delimiter) : null;
}

/** What a whole message that is expected must have; null: nothing is wrong. */
export function wholeProblem(items: Pattern, context: TemplateContext): TemplateProblem | null {
  const { framing, maxMessageBytes } = context;
  const { min, max } = sizesOf(items, framing);
  if (min > maxMessageBytes) {
    return {
      at: 0,
      detail: `has at least ${amount(min, 'byte')}; maxMessageBytes is ${maxMessageBytes}`,
    };
  }
  const rest = items.findIndex(({ op }) => op === 'rest');
  const afterRest = rest < 0 ? undefined : items[rest + 1];
  if (afterRest !== undefined)
    return { at: afterRest.at, detail: 'nothing can stand after {rest}' };
  if (framing.by === 'delimiter') {
    return items.flatMap((item) => delimiterWithin(item, framing.delimiter) ?? [])[0] ?? null;
  }
  return framing.by === 'template'
    ? endProblem(items, max)
    : lengthPlaceProblem(items, framing, min);
}

/** The longest message of a template that can be sent, its frame included. */
export function longestBytes(items: Pattern, framing: ProgramFraming): number {
  const { max } = sizesOf(items, framing);
  return max + (framing.by === 'delimiter' ? framing.delimiter.length : 0);
}

type LengthFraming = ProgramFraming & { by: 'length' | 'varint' };

function lengthProblem(
  items: Pattern,
  framing: LengthFraming,
  longest: number,
): TemplateProblem | null {
  const [first, second] = items.filter(({ op }) => op === 'length');
  if (first === undefined) {
    return { at: 0, detail: `has no {length}; it belongs at byte ${framing.offset}` };
  }
  if (second !== undefined) return { at: second.at, detail: 'a second {length}' };
  if (framing.by === 'varint') return null;
  const most = distinctNumbers(framing.format) - 1;
  if (longest - framing.addedBytes > most) {
    return {
      at: 0,
      detail: `has up to ${amount(longest, 'byte')}, and a length of ${amount(framing.bytes, 'byte')} goes to ${most}`,
    };
  }
  const { min } = sizesOf(items, framing);
  if (min >= framing.addedBytes) return null;
  return {
    at: 0,
    detail: `may have ${amount(min, 'byte')}, fewer than the header of ${framing.addedBytes}`,
  };
}

/** A length field that is expected stands where it was read; without one, its bytes are compared. */
function lengthPlaceProblem(
  items: Pattern,
  { offset }: LengthFraming,
  min: number,
): TemplateProblem | null {
  const isAt = items.filter(({ op }) => op === 'length');
  if (isAt[1] !== undefined) return { at: isAt[1].at, detail: 'a second {length}' };
  const hasRest = items.some(({ op }) => op === 'rest' || op === 'until');
  if (min > offset || hasRest) return null;
  return { at: 0, detail: `ends before the length field at byte ${offset}` };
}

const BINARY_OPS = ['number', 'size', 'checksum'];

/** A message must not contain its own end. What is written so on purpose is left alone. */
function delimiterProblem(items: Pattern, delimiter: number[]): TemplateProblem | null {
  const found = items.find((item) => canBeAnyByte(item));
  if (found === undefined) return null;
  const shown = delimiter.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const instead = BINARY_OPS.includes(found.op)
    ? 'use a format of text, such as d or x8'
    : 'use text, such as {random:16:text}';
  return { at: found.at, detail: `may contain the delimiter (${shown}); ${instead}` };
}

function canBeAnyByte(item: Item): boolean {
  if (item.op === 'random' || item.op === 'session-random') return item.alphabet === 'bytes';
  if (item.op === 'number' || item.op === 'size' || item.op === 'checksum') {
    return item.format.kind === 'binary';
  }
  return false;
}

function delimiterWithin(item: Item, delimiter: number[]): TemplateProblem | null {
  if (item.op !== 'bytes' && item.op !== 'until') return null;
  if (indexOfBytes(Uint8Array.from(item.bytes), delimiter, 0) < 0) return null;
  const detail =
    'contains the delimiter, at which a message ends; write a list, one message after the other, without it';
  return { at: item.at, detail };
}

/** Where only the template determines the end, it has to have one. */
function endProblem(items: Pattern, max: number): TemplateProblem | null {
  const last = items.at(-1);
  if (last === undefined) return null;
  if (last.op === 'rest') {
    return {
      at: last.at,
      detail:
        'with framing.by "template" only a template with an end ends a message; use {until:…}',
    };
  }
  if (last.op === 'digits') {
    return {
      at: last.at,
      detail: 'more digits may follow: with framing.by "template" write what stands behind it',
    };
  }
  // An empty pattern matches nothing at all, for ever.
  return max === 0 ? { at: 0, detail: 'is empty' } : null;
}
