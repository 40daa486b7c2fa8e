import { BOUNDS } from '@oversoak/contracts';
import { visit } from 'jsonc-parser';

const { depth: MAX_DEPTH } = BOUNDS.spec;

export const TOO_DEEP = `nested too deep: at most ${MAX_DEPTH} levels`;

/** Ends the parsing of a text early. */
class Found extends Error {}

/**
 * Problems of valid JSON that `JSON.parse` does not report: duplicate keys in one object (it keeps
 * the last value) and deep nesting. null: none.
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
        if (keys?.has(key)) {
          throw new Found(`line ${line + 1}, column ${column + 1}: duplicate key "${key}"`);
        }
        keys?.add(key);
      },
    });
  } catch (error) {
    if (error instanceof Found) return error.message;
    throw error;
  }
  return null;
}
