import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import { BOUNDS } from '@oversoak/contracts';
import { readJson } from '@oversoak/control-plane/submit/read-json';
import { readYaml } from '@oversoak/control-plane/submit/read-spec';
import { utf8Text } from '@oversoak/control-plane/submit/utf8-text';
import { CannotRun, messageOf } from '../shell/failure.ts';

const { bytes: MAX_SPEC_BYTES } = BOUNDS.spec;
/** The name of a file that means the standard input. */
export const STDIN = '-';

export type SpecText =
  | { text: string; contentType: 'application/yaml' }
  | { text: string; contentType: 'application/json' };

/**
 * A file, a pipe, or the standard input (`-`) as the API accepts it; the API validates its content.
 */
export async function readSpecText(
  file: string,
  stdin: () => Readable = () => process.stdin,
): Promise<SpecText> {
  if (file === STDIN) return specText(file, stdin());
  const cannot = (error: unknown) =>
    new CannotRun(`cannot read the spec "${file}": ${messageOf(error)}`);
  const handle = await open(file).catch((error: unknown) => {
    throw cannot(error);
  });
  const stat = await handle.stat();
  if (stat.isDirectory()) {
    await handle.close();
    throw cannot('it is a folder');
  }
  return specText(file, handle.createReadStream());
}

async function specText(file: string, source: Readable): Promise<SpecText> {
  const name = file === STDIN ? 'the standard input' : `"${file}"`;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      chunks.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes > MAX_SPEC_BYTES) break;
    }
  } catch (error) {
    throw new CannotRun(`cannot read ${name}: ${messageOf(error)}`);
  }
  if (bytes > MAX_SPEC_BYTES) {
    throw new CannotRun(
      `${name} has more than ${MAX_SPEC_BYTES} bytes, the most that a spec may have`,
    );
  }
  const contentType =
    extname(file).toLowerCase() === '.json' ? 'application/json' : 'application/yaml';
  const read = utf8Text(Buffer.concat(chunks));
  if ('problems' in read) {
    throw new CannotRun(`cannot read ${name}: ${read.problems.map(({ detail }) => detail).join()}`);
  }
  return { text: read.text, contentType };
}

/** The mapping of a soak or a schedule in a text; its fields are not validated. */
export function parseSpec(file: string, text: SpecText): Record<string, unknown> {
  return parseMapping(file, text, 'a soak: expected a mapping with "name", "matrix", ...');
}

/** The mapping in a text. `expected`: what a refusal says that the file is not. */
export function parseMapping(
  file: string,
  { text, contentType }: SpecText,
  expected: string,
): Record<string, unknown> {
  const isJson = contentType === 'application/json';
  const read = isJson ? readJson(text) : readYaml(text);
  if ('problems' in read) {
    const details = read.problems.map(({ detail }) => detail).join('; ');
    throw new CannotRun(`"${file}" is not valid ${isJson ? 'JSON' : 'YAML'}: ${details}`);
  }
  const { value } = read;
  if (!isMapping(value)) {
    throw new CannotRun(`"${file}" is not ${expected}`);
  }
  return value;
}

/** What a file has that is read before anything is started. */
export async function readSpec(file: string): Promise<Record<string, unknown>> {
  return parseSpec(file, await readSpecText(file));
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
