import { BOUNDS } from '@oversoak/contracts';
import { visit } from 'jsonc-parser';

const { depth: MAX_DEPTH } = BOUNDS.spec;

export const TOO_DEEP = `nested too deep: at most ${MAX_DEPTH} levels`;

/** No field of ours, and in JavaScript the way to what every object shares. */
export const FORBIDDEN_KEY = '__proto__';
export const FORBIDDEN = `the key "${FORBIDDEN_KEY}" is not allowed`;

/** What an escape can make of a text; it has no bytes of its own in UTF-8. */
export const HALF_CHARACTER = 'a text has one half of a surrogate pair';

/** Ends the parsing of a text early. */
class Found extends Error {}

const placeOf = (line: number, column: number) => `line ${line + 1}, column ${column + 1}: `;

function requireWhole(text: string, place: string): void {
  if (!text.isWellFormed()) throw new Found(place + HALF_CHARACTER);
}

/**
 * Problems of valid JSON that `JSON.parse` does not report: duplicate keys in one object (it keeps
 * the last value), deep nesting, a forbidden key, and half a character. null: none.
 */
export function jsonProblem(text: string): string | null {
  /** The keys of each open object; empty for a list. */
  const open: Set<string>[] = [];
  const begin = () => {
    if (open.push(new Set()) > MAX_DEPTH) throw new Found(TOO_DEEP);
  };
  const end = () => {
    open.pop();
  };
  try {
    visit(text, {
      ...{ onObjectBegin: begin, onArrayBegin: begin, onObjectEnd: end, onArrayEnd: end },
      onObjectProperty: (key, _offset, _length, line, column) => {
        const keys = open.at(-1);
        const place = placeOf(line, column);
        requireWhole(key, place);
        if (key === FORBIDDEN_KEY) throw new Found(place + FORBIDDEN);
        if (keys?.has(key)) throw new Found(`${place}duplicate key "${key}"`);
        keys?.add(key);
      },
      onLiteralValue: (value, _offset, _length, line, column) => {
        if (typeof value === 'string') requireWhole(value, placeOf(line, column));
      },
    });
  } catch (error) {
    if (error instanceof Found) return error.message;
    throw error;
  }
  return null;
}
