import { BOUNDS, type Problem } from '@oversoak/contracts';
import {
  Composer,
  type CST,
  type Document,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type YAMLParseError,
} from 'yaml';
import { FORBIDDEN, FORBIDDEN_KEY, HALF_CHARACTER, TOO_DEEP } from './json-problem.ts';

export type ReadSpec = { value: unknown } | { problems: Problem[] };

const { depth: MAX_DEPTH, aliases: MAX_ALIASES } = BOUNDS.spec;

function placeOf(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}: `;
}

/** Reads YAML as plain data; a syntax error is reported with its line and column. */
export function readYaml(text: string): ReadSpec {
  const lines = new LineCounter();
  const tokens = tokensOf(text, lines);
  if (tokens === null) return { problems: [{ pointer: '', detail: TOO_DEEP }] };
  const [document, second] = new Composer().compose(tokens, true, text.length);
  if (document === undefined) throw new Error('a forced document is missing');
  const errors = document.errors.map(({ pos, message }: YAMLParseError) => ({
    pointer: '',
    detail: `${placeOf(pos[0], lines)}${message}`.toWellFormed(),
  }));
  if (second !== undefined) {
    const place = placeOf(second.range[0], lines);
    errors.push({ pointer: '', detail: `${place}a second document; only one is allowed` });
  }
  const forbidden = errors.length > 0 ? null : forbiddenText(document, lines);
  if (forbidden !== null) errors.push({ pointer: '', detail: forbidden });
  return errors.length > 0 ? { problems: errors } : plainData(document, lines);
}

/** The first of what the check of JSON refuses as well; null: none. */
function forbiddenText(document: Document.Parsed, lines: LineCounter): string | null {
  let found: string | null = null;
  visit(document, {
    Scalar: (at, { value, range }) => {
      if (typeof value !== 'string') return undefined;
      const isForbidden = at === 'key' && value === FORBIDDEN_KEY;
      if (!isForbidden && value.isWellFormed()) return undefined;
      found = placeOf(range?.[0] ?? 0, lines) + (isForbidden ? FORBIDDEN : HALF_CHARACTER);
      return visit.BREAK;
    },
  });
  return found;
}

/**
 * The parsed tokens of a text; null: it is nested too deep. The library composes documents
 * recursively, and V8 aborts the process if it must compile a regular expression at the end of the
 * stack. The lexer and the parser do not recurse: a level of the text is at most three entries of
 * the parser's own stack.
 */
function tokensOf(text: string, lines: LineCounter): CST.Token[] | null {
  const parser = new Parser(lines.addNewLine);
  // The declaration omits the parser's stack of open tokens.
  const { stack } = parser as unknown as { stack: unknown[] };
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (stack.length > 3 * MAX_DEPTH) return null;
      tokens.push(token);
    }
    if (stack.length > 3 * MAX_DEPTH) return null;
  }
  return [...tokens, ...parser.end()];
}

function plainData(document: Document.Parsed, lines: LineCounter): ReadSpec {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    // An alias inserts its anchor, with all its levels, at its own level.
    return isDeeperThan(MAX_DEPTH, value)
      ? { problems: [{ pointer: '', detail: TOO_DEEP }] }
      : { value };
  } catch (error) {
    // The library throws it for an alias without an anchor and for too many aliases.
    if (error instanceof ReferenceError) {
      const detail = `${unresolvedAlias(document, lines)}${error.message}`;
      return { problems: [{ pointer: '', detail }] };
    }
    throw error;
  }
}

const containers = (values: readonly unknown[]) =>
  values.filter((value): value is object => typeof value === 'object' && value !== null);

/** Pure: counts objects and lists within one another, as the check of JSON does. */
function isDeeperThan(levels: number, value: unknown): boolean {
  let level = containers([value]);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = containers(level.flatMap((one) => Object.values(one) as unknown[]));
  }
  return false;
}

/** The place of the first alias without an anchor before it; empty: there is none. */
function unresolvedAlias(document: Document.Parsed, lines: LineCounter): string {
  let found = '';
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined || alias.range == null) return undefined;
      found = placeOf(alias.range[0], lines);
      return visit.BREAK;
    },
  });
  return found;
}
