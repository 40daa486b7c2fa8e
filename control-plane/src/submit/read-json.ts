import { jsonProblem } from './json-problem.ts';
import type { ReadSpec } from './read-spec.ts';

/** Reads JSON under the same bounds as YAML; a syntax error is reported as JSON.parse says it. */
export function readJson(text: string): ReadSpec {
  const bare = text.startsWith('\ufeff') ? text.slice(1) : text;
  const detail = jsonProblem(bare);
  if (detail !== null) return { problems: [{ pointer: '', detail }] };
  try {
    return { value: JSON.parse(bare) as unknown };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The message quotes a piece of the text, which may end within a character.
    return { problems: [{ pointer: '', detail: error.message.toWellFormed() }] };
  }
}
