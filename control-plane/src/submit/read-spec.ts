import type { Problem } from '@oversoak/contracts';
import {
  type Document,
  Lexer,
  LineCounter,
  Parser,
  parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml';
import { MAX_DEPTH, TOO_DEEP } from './json-problem.ts';

export type ReadSpec = { value: unknown } | { problems: Problem[] };

/** Bounds what a small text with aliases of aliases can be blown up to. */
const MAX_ALIASES = 100;

function place(error: YAMLParseError): string {
  const start = error.linePos?.[0];
  return start === undefined ? '' : `line ${start.line}, column ${start.col}: `;
}

/** Reads YAML as plain data; a syntax error is reported with its line and column. */
export function readYaml(text: string): ReadSpec {
  if (isTooDeep(text)) return { problems: [{ pointer: '', detail: TOO_DEEP }] };
  return readDocument(text);
}

/**
 * The library composes by recursion, and V8 aborts the process when a regular expression has to be
 * compiled at the end of the stack. Its lexer and parser, which come before, keep a stack of their
 * own: a level of the text is at most three entries.
 */
function isTooDeep(text: string): boolean {
  const parser = new Parser();
  // Not declared: what the parser has open.
  const { stack } = parser as unknown as { stack: unknown[] };
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme)) if (stack.length > 3 * MAX_DEPTH) return true;
    if (stack.length > 3 * MAX_DEPTH) return true;
  }
  return false;
}

function readDocument(text: string): ReadSpec {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { logLevel: 'error', lineCounter });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      // The library repeats the place and quotes the source behind its own words.
      const [words = ''] = error.message.split(/ at line \d+/);
      return { pointer: '', detail: `${place(error)}${words}` };
    });
    return { problems };
  }
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown };
  } catch (error) {
    // The library's answer to an alias without its anchor, or to too many of them.
    if (error instanceof ReferenceError) {
      const detail = `${unresolvedAlias(document, lineCounter)}${error.message}`;
      return { problems: [{ pointer: '', detail }] };
    }
    throw error;
  }
}

/** The place of the first alias without an anchor before it; empty: there is none. */
function unresolvedAlias(document: Document.Parsed, lines: LineCounter): string {
  let found = '';
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined || alias.range == null) return undefined;
      const { line, col } = lines.linePos(alias.range[0]);
      found = `line ${line}, column ${col}: `;
      return visit.BREAK;
    },
  });
  return found;
}
