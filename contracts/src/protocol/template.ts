/**
 * The parts of a template: what stands as it is, and what is filled in or compared. Which
 * placeholder may stand where is decided by compile-template.ts.
 */
export type TemplatePart =
  | { kind: 'bytes'; bytes: number[]; at: number; text: string }
  | { kind: 'placeholder'; name: string; args: string[]; at: number; text: string };

/** Where a template is wrong: `at` counts its characters from 0. */
export interface TemplateProblem {
  at: number;
  detail: string;
}

export type ReadTemplate = { parts: TemplatePart[] } | { problem: TemplateProblem };

const HEX_PREFIX = 'hex:';
const ESCAPES: Record<string, number> = {
  ...{ r: 13, n: 10, t: 9, 0: 0 },
  ...{ '\\': 92, '{': 123, '}': 125, "'": 39, ':': 58 },
};

/** Ends the reading of a template; `withProblem` makes a value of it. */
export class WrongTemplate extends Error {
  readonly problem: TemplateProblem;

  constructor(at: number, detail: string) {
    super(detail);
    this.problem = { at, detail };
  }
}

export function withProblem<T>(read: () => T): T | { problem: TemplateProblem } {
  try {
    return read();
  } catch (error) {
    if (error instanceof WrongTemplate) return { problem: error.problem };
    throw error;
  }
}

/** Text with escapes and placeholders, or after "hex:" bytes, 'text' and placeholders. */
export function readTemplate(text: string): ReadTemplate {
  return withProblem(() => {
    const isHex = text.startsWith(HEX_PREFIX);
    const parts = isHex ? hexParts(text, HEX_PREFIX.length) : textParts(text);
    if (parts.length === 0) throw new WrongTemplate(text.length, 'is empty');
    return { parts };
  });
}

/** A template without placeholders. */
export function readBytes(text: string): { bytes: number[] } | { problem: TemplateProblem } {
  const read = readTemplate(text);
  if ('problem' in read) return read;
  const bytes: number[] = [];
  for (const part of read.parts) {
    if (part.kind === 'placeholder') {
      return {
        problem: { at: part.at, detail: 'no placeholder can stand here; write \\{ for a brace' },
      };
    }
    bytes.push(...part.bytes);
  }
  return { bytes };
}

/** An argument that is hexadecimal bytes, such as `00 ff`; null: it is not. */
export function readHexBytes(text: string): number[] | null {
  const digits = text.replaceAll(/\s+/g, '');
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(digits)) return null;
  return (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

function textParts(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  while (at < text.length) {
    const part = text[at] === '{' ? placeholder(text, at) : literal(text, at, '{');
    parts.push(part);
    at += part.text.length;
  }
  return parts;
}

function hexParts(text: string, from: number): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = from;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const part = hexPart(text, at);
    parts.push(part);
    at += part.text.length;
  }
  return parts;
}

function hexPart(text: string, at: number): TemplatePart {
  if (text[at] === '{') return placeholder(text, at);
  if (text[at] === "'") {
    const quoted = literal(text, at + 1, "'");
    const end = at + 1 + quoted.text.length;
    if (text[end] !== "'") throw new WrongTemplate(at, "the quote ' is not closed");
    return { ...quoted, at, text: text.slice(at, end + 1) };
  }
  const digits = /^[0-9a-fA-F\s]*/.exec(text.slice(at))?.[0].trimEnd() ?? '';
  if (digits === '') {
    throw new WrongTemplate(
      at,
      `"${characterAt(text, at)}" is no hexadecimal digit; text stands in quotes: 'text'`,
    );
  }
  const bytes = readHexBytes(digits);
  if (bytes === null)
    throw new WrongTemplate(at, `"${digits}" has half a byte: write two digits for each`);
  return { kind: 'bytes', bytes, at, text: digits };
}

/** Text with escapes up to `end`, or to the end of the template. */
function literal(text: string, from: number, end: string): TemplatePart & { kind: 'bytes' } {
  let at = from;
  const bytes: number[] = [];
  while (at < text.length && text[at] !== end) {
    const [next, length] = oneCharacter(text, at);
    bytes.push(...next);
    at += length;
  }
  return { kind: 'bytes', bytes, at: from, text: text.slice(from, at) };
}

/** The bytes of the character or escape at `at`, and its length in the template. */
function oneCharacter(text: string, at: number): [number[], number] {
  const character = characterAt(text, at);
  if (character === '}') throw new WrongTemplate(at, '"}" without "{"; write \\} for a brace');
  if (character !== '\\') return [[...new TextEncoder().encode(character)], character.length];
  const escaped = text[at + 1] ?? '';
  if (escaped === 'x') {
    const bytes = readHexBytes(text.slice(at + 2, at + 4));
    if (bytes === null) throw new WrongTemplate(at, '\\x needs two hexadecimal digits');
    return [bytes, 4];
  }
  const byte = Object.hasOwn(ESCAPES, escaped) ? ESCAPES[escaped] : undefined;
  if (byte !== undefined) return [[byte], 2];
  const valid = "\\r \\n \\t \\0 \\xHH \\\\ \\{ \\} \\' \\:";
  throw new WrongTemplate(at, `unknown escape \\${characterAt(text, at + 1)}; valid: ${valid}`);
}

const characterAt = (text: string, at: number) => {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
};

function placeholder(text: string, at: number): TemplatePart {
  let end = at + 1;
  while (end < text.length && text[end] !== '}') {
    if (text[end] === '{')
      throw new WrongTemplate(end, '"{" within a placeholder; write \\{ for a brace');
    end += text[end] === '\\' ? 2 : 1;
  }
  if (end >= text.length) throw new WrongTemplate(at, '"{" is not closed; write \\{ for a brace');
  const content = text.slice(at + 1, end);
  // A colon that is escaped belongs to the argument.
  const [name = '', ...args] = content.split(/(?<!\\):/);
  return { kind: 'placeholder', name: name.trim(), args, at, text: text.slice(at, end + 1) };
}
