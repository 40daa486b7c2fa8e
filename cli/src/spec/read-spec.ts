import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { BOUNDS } from '@oversoak/contracts';
import { readYaml } from '@oversoak/control-plane/submit/read-spec';
import { CannotRun, messageOf } from '../shell/failure.ts';

const { bytes: MAX_SPEC_BYTES } = BOUNDS.spec;

export type SpecText =
  | { text: string; contentType: 'application/yaml' }
  | { text: string; contentType: 'application/json' };

/** The file as the API accepts it; the API validates its content. */
export async function readSpecText(file: string): Promise<SpecText> {
  const found = await stat(file).catch((error: unknown) => {
    throw new CannotRun(`cannot read the spec "${file}": ${messageOf(error)}`);
  });
  if (!found.isFile()) throw new CannotRun(`cannot read the spec "${file}": it is not a file`);
  if (found.size > MAX_SPEC_BYTES) {
    throw new CannotRun(`"${file}" has ${found.size} bytes; a spec may have ${MAX_SPEC_BYTES}`);
  }
  const text = await readFile(file, 'utf8');
  const contentType =
    extname(file).toLowerCase() === '.json' ? 'application/json' : 'application/yaml';
  return { text, contentType };
}

/**
 * Reads a spec for `demo`, which refuses a file that is not a YAML mapping before it starts
 * anything.
 */
export async function readSpec(file: string): Promise<Record<string, unknown>> {
  // JSON is valid YAML.
  const { text } = await readSpecText(file);
  const read = readYaml(text);
  if ('problems' in read) {
    const details = read.problems.map(({ detail }) => detail).join('; ');
    throw new CannotRun(`"${file}" is not valid YAML: ${details}`);
  }
  const { value } = read;
  if (!isMapping(value)) {
    throw new CannotRun(`"${file}" is not a soak: expected a mapping with "name", "matrix", ...`);
  }
  return value;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
