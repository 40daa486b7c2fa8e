import { readFile } from 'node:fs/promises';

const LAST_LINES = 15;

/**
 * The first line of a log, from byte `from` on, for which `read` returns a value. The log of a
 * starting process is short, so it is read in full.
 */
export async function findInLog<T>(
  file: string,
  read: (line: string) => T | undefined,
  from = 0,
): Promise<T | undefined> {
  const lines = (await readFile(file)).toString('utf8', from).split('\n');
  // The last element may be an incomplete line.
  for (const line of lines.slice(0, -1)) {
    const found = read(line.trim());
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The last lines from byte `from` on, indented. */
export async function lastLines(file: string, from = 0): Promise<string> {
  const lines = (await readFile(file)).toString('utf8', from).trimEnd().split('\n');
  return lines
    .slice(-LAST_LINES)
    .map((line) => `    ${line}`)
    .join('\n');
}

/** The value of `key` in a line that is a JSON object, e.g. `{"listening": "http://..."}`. */
export function jsonLine(key: string): (line: string) => string | undefined {
  return (line) => {
    if (!line.startsWith('{') || !line.endsWith('}') || !line.includes(`"${key}"`)) {
      return undefined;
    }
    const value: unknown = (JSON.parse(line) as Record<string, unknown>)[key];
    return typeof value === 'string' ? value : undefined;
  };
}
