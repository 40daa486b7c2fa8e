import { BOUNDS, beginningOf, firstProblems, type Problem } from '@oversoak/contracts';
import {
  Composer,
  CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import { FORBIDDEN, FORBIDDEN_KEY, HALF_CHARACTER, TOO_DEEP } from './json-problem.ts';

export type ReadSpec = { value: unknown } | { problems: Problem[] };

const {
  depth: MAX_DEPTH,
  anchors: MAX_ANCHORS,
  aliases: MAX_ALIASES,
  values: MAX_VALUES,
} = BOUNDS.spec;

export const TOO_MANY_VALUES = `too many values: at most ${MAX_VALUES}, each alias with what it stands for`;

/** Of a text that is repeated in a refusal. */
const MAX_REPEATED = 40;

function placeOf(offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}: `;
}

const refused = (detail: string): ReadSpec => ({ problems: [{ pointer: '', detail }] });

/** Reads YAML as plain data; a syntax error is reported with its line and column. */
export function readYaml(text: string): ReadSpec {
  const lines = new LineCounter();
  const tokens = tokensOf(text, lines);
  if (typeof tokens === 'string') return refused(tokens);
  // The library compares each key with all others of its map; `keyProblem` compares them as JSON does.
  const composer = new Composer({ uniqueKeys: false });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) throw new Error('a forced document is missing');
  const errors = document.errors.map(({ pos, message }: YAMLParseError) => ({
    pointer: '',
    detail: `${placeOf(pos[0], lines)}${message}`.toWellFormed(),
  }));
  if (second !== undefined) {
    const place = placeOf(second.range[0], lines);
    errors.push({ pointer: '', detail: `${place}a second document; only one is allowed` });
  }
  if (errors.length > 0) return { problems: firstProblems(errors) };
  const forbidden = forbiddenNode(document, lines);
  if (forbidden !== null) return refused(forbidden);
  // Aliases were counted, and what they stand for is counted below.
  const value: unknown = document.toJS({ maxAliasCount: -1 });
  const detail = sizeProblem(value);
  return detail === null ? { value } : refused(detail);
}

/** The first that JSON does not have, or that its check refuses as well; null: none. */
function forbiddenNode(document: Document.Parsed, lines: LineCounter): string | null {
  let found: string | null = null;
  const anchors = new Set<string>();
  const problemOf = (node: Node): [Node, string] | null => {
    if (isAlias(node)) {
      const { source } = node;
      return anchors.has(source) ? null : [node, `no anchor "${source}" before this alias`];
    }
    if (node instanceof Scalar || isCollection(node)) {
      if (node.anchor !== undefined) anchors.add(node.anchor);
    }
    if (isMap(node)) return keyProblem(node);
    const isHalf = isScalar(node) && typeof node.value === 'string' && !node.value.isWellFormed();
    return isHalf ? [node, HALF_CHARACTER] : null;
  };
  visit(document, {
    Node: (_, node) => {
      const problem = problemOf(node);
      if (problem === null) return undefined;
      const [{ range }, detail] = problem;
      found = placeOf(range?.[0] ?? 0, lines) + detail;
      return visit.BREAK;
    },
  });
  return found;
}

/** A key is a text as in JSON: what is no text but becomes one, such as a number, is compared as that. */
function keyProblem({ items }: YAMLMap<unknown, unknown>): [Node, string] | null {
  const keys = new Set<string>();
  for (const { key } of items as { key: Node }[]) {
    const kind = wrongKey(key);
    if (kind !== null) return [key, `${kind} as a key is not allowed`];
    const name = String((key as Scalar).value);
    if (name === FORBIDDEN_KEY) return [key, FORBIDDEN];
    if (keys.has(name)) return [key, `duplicate key "${beginningOf(name, MAX_REPEATED)}"`];
    keys.add(name);
  }
  return null;
}

/** What a key is that is no plain or quoted text; null: it is one. */
function wrongKey(key: Node): string | null {
  if (isAlias(key)) return 'an alias';
  if (isSeq(key)) return 'a list';
  if (!isScalar(key)) return 'a map';
  if (key.value === null) return 'null';
  const isBlock = key.type === Scalar.BLOCK_LITERAL || key.type === Scalar.BLOCK_FOLDED;
  return isBlock ? 'a block of text' : null;
}

/** What a text of YAML may have of each. */
const COUNTED: Partial<Record<string, [what: string, most: number]>> = {
  anchor: ['anchors', MAX_ANCHORS],
  alias: ['aliases', MAX_ALIASES],
};
/** Each begins a value or stands before or behind one: at most two for each value. */
const OF_VALUES = new Set([
  ...['scalar', 'single-quoted-scalar', 'double-quoted-scalar', 'block-scalar-header', 'alias'],
  ...['flow-map-start', 'flow-seq-start', 'seq-item-ind', 'explicit-key-ind', 'map-value-ind'],
  ...['comma', 'doc-start', 'doc-end'],
]);

/** Refuses what a spec may not have by its lexemes: before anything is composed of them. */
class Lexemes {
  readonly #counts = new Map<string, number>();
  #open = 0;

  /** null: nothing is wrong. */
  problemOf(lexeme: string): string | null {
    const type = CST.tokenType(lexeme) ?? '';
    const shown = () => `"${beginningOf(lexeme, MAX_REPEATED).toWellFormed()}"`;
    if (type === 'tag') return `the tag ${shown()} is not allowed`;
    if (type === 'directive-line' && !/^%YAML[ \t]+1\.2[ \t]*$/.test(lexeme)) {
      return `the directive ${shown()} is not allowed`;
    }
    if (type === 'flow-map-start' || type === 'flow-seq-start') this.#open += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') this.#open -= 1;
    if (this.#open < 0) return `unexpected ${shown()}`;
    const [what, most] = COUNTED[type] ?? [];
    if (most !== undefined && this.#count(type) > most) return `too many ${what}: at most ${most}`;
    return OF_VALUES.has(type) && this.#count('') > 2 * MAX_VALUES ? TOO_MANY_VALUES : null;
  }

  #count(type: string): number {
    const count = (this.#counts.get(type) ?? 0) + 1;
    this.#counts.set(type, count);
    return count;
  }
}

/**
 * The parsed tokens of a text, or why it is refused. The library composes documents recursively, and
 * V8 aborts the process if it must compile a regular expression at the end of the stack. The lexer
 * and the parser do not recurse: a level of the text is at most three entries of the parser's own
 * stack.
 */
function tokensOf(text: string, lines: LineCounter): CST.Token[] | string {
  const parser = new Parser(lines.addNewLine);
  // The declaration omits what the parser knows of the text so far.
  const open = parser as unknown as { stack: unknown[]; offset: number; atScalar: boolean };
  const lexemes = new Lexemes();
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    // The text of a scalar comes after a mark of its own, and may begin as anything.
    const problem = open.atScalar ? null : lexemes.problemOf(lexeme);
    if (problem !== null) return placeOf(open.offset, lines) + problem;
    for (const token of parser.next(lexeme)) {
      if (open.stack.length > 3 * MAX_DEPTH) return TOO_DEEP;
      tokens.push(token);
    }
    if (open.stack.length > 3 * MAX_DEPTH) return TOO_DEEP;
  }
  return [...tokens, ...parser.end()];
}

/**
 * Whether a value is too large or too deep, counting objects and lists within one another as the
 * check of JSON does. An alias inserts its anchor, with all its levels, at its own level.
 */
function sizeProblem(value: unknown): string | null {
  let values = 0;
  const look = (one: unknown, levels: number): string | null => {
    values += 1;
    if (values > MAX_VALUES) return TOO_MANY_VALUES;
    if (typeof one !== 'object' || one === null) return null;
    if (levels === MAX_DEPTH) return TOO_DEEP;
    for (const inner of Object.values(one)) {
      const problem = look(inner, levels + 1);
      if (problem !== null) return problem;
    }
    return null;
  };
  return look(value, 0);
}
