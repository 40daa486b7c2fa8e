import { beginningOf } from '../values/printable.ts';
import { CHECKSUMS, checksumBits, isChecksum } from './checksum.ts';
import { ALPHABETS, type Alphabet } from './content.ts';
import { MAX_VARINT_BYTES } from './framing.ts';
import { MAX_DIGITS } from './match-message.ts';
import {
  bytesOfFormat,
  mostBytesOfFormat,
  NUMBER_FORMATS,
  type NumberFormat,
  parseNumberFormat,
} from './number-format.ts';
import type { Item, Pattern, ProgramFraming } from './program.ts';
import {
  readBytes,
  readHexBytes,
  readTemplate,
  type TemplatePart,
  type TemplateProblem,
  WrongTemplate,
  withProblem,
} from './template.ts';

/** Where a template stands, which decides what can stand in it. */
export type TemplateUse =
  | { kind: 'send' }
  /**
   * `request`: the pattern that it answers; null: none, as for a greeting; "unknown": it was not
   * understood, so that nothing can be held against it.
   */
  | { kind: 'expect'; request: Pattern | 'unknown' | null }
  /** What the server sends on its own: of no request. */
  | { kind: 'push' }
  /** An error may be of any request. */
  | { kind: 'error' };

export interface TemplateContext {
  framing: ProgramFraming;
  maxMessageBytes: number;
  use: TemplateUse;
}

export type CompiledTemplate = { items: Pattern } | { problem: TemplateProblem };

const MAX_UNTIL_BYTES = 64;
const BITS_PER_BYTE = 8;

type Placeholder = TemplatePart & { kind: 'placeholder' };
type Compile = (part: Placeholder, context: TemplateContext, before: Pattern) => Item;

export function compileTemplate(text: string, context: TemplateContext): CompiledTemplate {
  const read = readTemplate(text);
  if ('problem' in read) return read;
  return withProblem(() => {
    const items: Pattern = [];
    for (const part of read.parts) items.push(compilePart(part, context, items));
    return { items: withSizes(items) };
  });
}

function compilePart(part: TemplatePart, context: TemplateContext, before: Pattern): Item {
  const { at, text } = part;
  if (part.kind === 'bytes') return { op: 'bytes', bytes: part.bytes, at, text };
  const { name } = part;
  if (isChecksum(name)) return checksumItem(part, context, before);
  const compile = Object.hasOwn(PLACEHOLDERS, name) ? PLACEHOLDERS[name] : undefined;
  if (compile === undefined) {
    const valid = [...Object.keys(PLACEHOLDERS), ...CHECKSUMS].join(', ');
    throw wrong(part, `unknown placeholder "${brief(name)}"; valid: ${valid}`);
  }
  return compile(part, context, before);
}

/** What each placeholder becomes. */
const PLACEHOLDERS: Record<string, Compile> = {
  sequence: (part, context) => numberItem(part, context, 'sequence'),
  identifier: (part, context) => numberItem(part, context, 'identifier'),
  session: (part, context) => numberItem(part, context, 'session'),
  time: (part, context) => numberItem(part, context, 'time'),
  random: randomItem,
  'session-random': (part) => {
    const bytes = countOf(part, part.args[0], 'a number of bytes');
    return { op: 'session-random', bytes, alphabet: alphabetOf(part), ...placeOf(part) };
  },
  size: (part, context) => {
    requireRequest(part, context);
    const { args, at, text } = part;
    // Of which random field, stands behind it: see withSizes.
    return { op: 'size', ordinal: -1, min: 0, max: 0, format: formatOf(part, args[0]), at, text };
  },
  length: (part, { framing }, before) => {
    noArguments(part);
    if (framing.by !== 'length' && framing.by !== 'varint') {
      throw wrong(part, `framing.by is "${framing.by}", which has no length field`);
    }
    const at = fixedBytes(before, framing);
    if (at === framing.offset) return { op: 'length', ...placeOf(part) };
    const found = at === null ? 'after a field of variable size' : `at byte ${at}`;
    throw wrong(
      part,
      `stands ${found}; the length field of the framing is at byte ${framing.offset}`,
    );
  },
  delimiter: (part, { framing }) => {
    noArguments(part);
    if (framing.by === 'delimiter')
      return { op: 'bytes', bytes: framing.delimiter, ...placeOf(part) };
    throw wrong(part, `framing.by is "${framing.by}", which has no delimiter`);
  },
  hex: (part) => ({ op: 'bytes', bytes: hexOf(part), ...placeOf(part) }),
  any: onlyExpected((part) => {
    const bytes = part.args.length === 0 ? 1 : countOf(part, part.args[0], 'a number of bytes');
    return { op: 'any', bytes, ...placeOf(part) };
  }),
  not: onlyExpected((part) => ({ op: 'not', bytes: hexOf(part), ...placeOf(part) })),
  until: onlyExpected((part) => {
    const read = readBytes(part.args.join(':'));
    if ('problem' in read)
      throw wrong(part, `needs a text, such as {until:\\r\\n}: ${read.problem.detail}`);
    if (read.bytes.length > MAX_UNTIL_BYTES) {
      throw wrong(part, `has a text of ${read.bytes.length} bytes; at most ${MAX_UNTIL_BYTES}`);
    }
    return { op: 'until', bytes: read.bytes, ...placeOf(part) };
  }),
  digits: onlyExpected((part) => ({ op: 'digits', ...placeOf(noArguments(part)) })),
  rest: onlyExpected((part) => ({ op: 'rest', ...placeOf(noArguments(part)) })),
};

const wrong = ({ at }: { at: number }, detail: string) => new WrongTemplate(at, detail);

/** What a user wrote, for a message. */
const brief = (text: string) => beginningOf(text, 40);

const placeOf = ({ at, text }: Placeholder) => ({ at, text });

function onlyExpected(compile: (part: Placeholder) => Item): Compile {
  return (part, { use }) => {
    if (use.kind !== 'send') return compile(part);
    throw wrong(part, `{${part.name}} is for what is expected; what is sent has to be known`);
  };
}

function noArguments(part: Placeholder): Placeholder {
  if (part.args.length === 0) return part;
  throw wrong(part, `{${part.name}} takes no arguments`);
}

function requireRequest(part: Placeholder, { use }: TemplateContext): void {
  const isOfOne = use.kind === 'send' || (use.kind === 'expect' && use.request !== null);
  if (!isOfOne)
    throw wrong(part, `{${part.name}} is of a request, and this message is of no particular one`);
}

function formatOf(part: Placeholder, text: string | undefined): NumberFormat {
  const format = text === undefined ? null : parseNumberFormat(text);
  if (format !== null) return format;
  const given = text === undefined ? 'needs a format' : `has the unknown format "${brief(text)}"`;
  throw wrong(part, `{${part.name}} ${given}; valid: ${NUMBER_FORMATS}`);
}

function countOf(part: Placeholder, text: string | undefined, what: string): number {
  if (text !== undefined && /^[1-9]\d{0,6}$/.test(text)) return Number(text);
  if (text !== undefined && isZero(text)) {
    throw wrong(part, `{${part.name}:${text}} has no bytes; at least 1`);
  }
  throw wrong(part, `{${part.name}} needs ${what}, such as {${part.name}:16}`);
}

const isZero = (text: string) => /^0{1,7}$/.test(text);

function hexOf(part: Placeholder): number[] {
  const bytes = part.args.length === 1 ? readHexBytes(part.args[0] ?? '') : null;
  if (bytes !== null) return bytes;
  throw wrong(part, `{${part.name}} needs hexadecimal bytes, such as {${part.name}:00 ff}`);
}

function alphabetOf({ args, ...part }: Placeholder): Alphabet {
  const [, alphabet = 'bytes', ...more] = args;
  const known = ALPHABETS.find((each) => each === alphabet);
  if (known !== undefined && more.length === 0) return known;
  throw wrong(
    part,
    `unknown kind "${brief([alphabet, ...more].join(':'))}" of random bytes; valid: ${ALPHABETS.join(', ')}`,
  );
}

function numberItem(
  part: Placeholder,
  context: TemplateContext,
  of: 'sequence' | 'identifier' | 'session' | 'time',
): Item {
  // The session is known without a request, and an error may name its own.
  const isNameOfRequest = of !== 'time' && context.use.kind === 'error';
  if (of !== 'session' && !isNameOfRequest) requireRequest(part, context);
  const [format, ...more] = part.args;
  if (more.length > 0) throw wrong(part, `{${part.name}} takes one argument, its format`);
  return { op: 'number', of, format: formatOf(part, format), ...placeOf(part) };
}

const isRandom = (item: Item) => item.op === 'random';

function randomItem(part: Placeholder, context: TemplateContext, before: Pattern): Item {
  requireRequest(part, context);
  const [sizes = ''] = part.args;
  const [, from, to = from] = /^([1-9]\d{0,6})(?:\.\.([1-9]\d{0,6}))?$/.exec(sizes) ?? [];
  if (from === undefined) {
    const valid = 'such as {random:16} or {random:1..64}';
    if (sizes === '') throw wrong(part, `{random} needs a size, ${valid}`);
    throw sizes.split('..').some(isZero)
      ? wrong(part, `the size ${brief(sizes)} has a 0; the smallest size is 1, ${valid}`)
      : wrong(part, `"${brief(sizes)}" is no size; valid: 1 to 9999999 bytes, ${valid}`);
  }
  const [min, max] = [Number(from), Number(to)];
  if (min > max) throw wrong(part, `the size ${sizes} ends before it begins`);
  const ordinal = before.filter(isRandom).length;
  const item = {
    op: 'random',
    ordinal,
    min,
    max,
    alphabet: alphabetOf(part),
    ...placeOf(part),
  } as const;
  const { use } = context;
  if (use.kind === 'expect' && use.request !== 'unknown')
    requireSame(part, item, use.request ?? []);
  return item;
}

/** An answer repeats random fields of its request: the first the first, the second the second. */
function requireSame(part: Placeholder, item: Item & { op: 'random' }, request: Pattern): void {
  const sent = request.filter((each) => each.op === 'random')[item.ordinal];
  if (sent === undefined) {
    throw wrong(
      part,
      `stands for random field ${item.ordinal + 1} of the request, which has fewer; {any:N} takes any bytes`,
    );
  }
  const isSame = sent.min === item.min && sent.max === item.max && sent.alphabet === item.alphabet;
  if (!isSame)
    throw wrong(part, `stands for ${sent.text} of the request and has to be written like it`);
}

function checksumItem(part: Placeholder, { framing }: TemplateContext, before: Pattern): Item {
  const { name } = part;
  if (!isChecksum(name)) throw wrong(part, `unknown checksum "${name}"`);
  const [formatText, range = 'before', ...more] = part.args;
  const format = formatOf(part, formatText);
  const bits = checksumBits(name);
  if (format.kind === 'binary' && format.bytes * BITS_PER_BYTE < bits) {
    throw wrong(
      part,
      `{${name}} has ${bits} bits, and ${formatText} has ${format.bytes * BITS_PER_BYTE}`,
    );
  }
  if (bytesOfFormat(format) === null)
    throw wrong(part, `{${name}} needs a format with a fixed size`);
  if (before.some(({ op }) => op === 'checksum'))
    throw wrong(part, 'a message has at most one checksum');
  const from = /^\d{1,4}$/.test(range) ? Number(range) : 0;
  const isKnown = range === 'before' || range === 'after' || /^\d{1,4}$/.test(range);
  if (!isKnown || more.length > 0) {
    throw wrong(
      part,
      `{${name}:${formatText}} covers "before" (all bytes before it; default), "after" (all after it), or all before it from a byte on, such as {${name}:${formatText}:4}`,
    );
  }
  const covers = range === 'after' ? 'after' : 'before';
  const least = sizesOf(before, framing).min;
  if (covers === 'before' && from > least) {
    throw wrong(part, `begins at byte ${from}, and there may be only ${least} bytes before it`);
  }
  return { op: 'checksum', name, format, covers, from, ...placeOf(part) };
}

/** A size is of the next random field. */
function withSizes(items: Pattern): Pattern {
  return items.map((item, index) => {
    if (item.op !== 'size') return item;
    const next = items.slice(index).find((each) => each.op === 'random');
    if (next === undefined) throw wrong(item, '{size} is of the next {random}, and none follows');
    return { ...item, ordinal: next.ordinal, min: next.min, max: next.max };
  });
}

/** The bytes that items take; `max` is Infinity where only the end of the message limits them. */
export function sizesOf(items: Pattern, framing: ProgramFraming): { min: number; max: number } {
  let [min, max] = [0, 0];
  for (const item of items) {
    const size = sizeOf(item, framing);
    min += size.min;
    max += size.max;
  }
  return { min, max };
}

function sizeOf(item: Item, framing: ProgramFraming): { min: number; max: number } {
  switch (item.op) {
    case 'bytes':
    case 'not':
      return { min: item.bytes.length, max: item.bytes.length };
    case 'any':
    case 'session-random':
      return { min: item.bytes, max: item.bytes };
    case 'random':
      return { min: item.min, max: item.max };
    case 'number':
    case 'size':
    case 'checksum':
      return { min: bytesOfFormat(item.format) ?? 1, max: mostBytesOfFormat(item.format) };
    case 'length':
      return framing.by === 'length'
        ? { min: framing.bytes, max: framing.bytes }
        : { min: 1, max: MAX_VARINT_BYTES };
    case 'until':
      return { min: item.bytes.length, max: Number.POSITIVE_INFINITY };
    case 'digits':
      return { min: 1, max: MAX_DIGITS };
    case 'rest':
      return { min: 0, max: Number.POSITIVE_INFINITY };
  }
}

/** The bytes of items that take the same number in every message; null: they do not. */
export function fixedBytes(items: Pattern, framing: ProgramFraming): number | null {
  const { min, max } = sizesOf(items, framing);
  return min === max ? min : null;
}
