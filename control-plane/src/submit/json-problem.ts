import { visit } from 'jsonc-parser';

/** Objects and lists within one another; no spec is nested this deep. */
export const MAX_DEPTH = 50;

export const TOO_DEEP = `nested too deep: at most ${MAX_DEPTH} levels`;

/** Ends the walk over a text. */
class Found extends Error {}

/**
 * What is wrong with the text of valid JSON that `JSON.parse` does not report: a key that comes
 * twice in one object, of which it keeps the last, and too many levels. Null: nothing.
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
          throw new Found(`line ${line + 1}, column ${column + 1}: "${key}" is given twice`);
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
