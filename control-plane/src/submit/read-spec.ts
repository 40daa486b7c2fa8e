import type { Problem } from '@oversoak/contracts';
import { parseDocument, type YAMLParseError } from 'yaml';

export type ReadSpec = { value: unknown } | { problems: Problem[] };

/** Bounds what a small text with aliases of aliases can be blown up to. */
const MAX_ALIASES = 100;

function place(error: YAMLParseError): string {
  const start = error.linePos?.[0];
  return start === undefined ? '' : `line ${start.line}, column ${start.col}: `;
}

/** Reads YAML as plain data; a syntax error includes its line and column. */
export function readYaml(text: string): ReadSpec {
  try {
    return readDocument(text);
  } catch (error) {
    // The library reads by recursion.
    if (!(error instanceof RangeError)) throw error;
    return { problems: [{ pointer: '', detail: 'nested too deep' }] };
  }
}

function readDocument(text: string): ReadSpec {
  const document = parseDocument(text, { logLevel: 'error' });
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
      return { problems: [{ pointer: '', detail: error.message }] };
    }
    throw error;
  }
}
