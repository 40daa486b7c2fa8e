import type { FileHandle } from 'node:fs/promises';
import { BOUNDS, type ToldKind, toldKind } from '@oversoak/contracts';
import { readJson } from '@oversoak/control-plane/submit/read-json';
import { readYaml } from '@oversoak/control-plane/submit/read-spec';
import { isMapping } from '../spec/read-spec.ts';

const HEAD_BYTES = 64 * 1024;
/** Whole comparisons are shorter; what is longer is left to the API. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);

const EXPORT = '"oversoak export SOAK" writes what "oversoak import FILE" takes';

/** What is no text of JSON or YAML, by its beginning. */
const BEGINNINGS: [RegExp, ToldKind][] = [
  [/^<!doctype html/i, { is: 'a report', taken: `a browser opens it; ${EXPORT}` }],
  [/^<\?xml/, { is: 'XML, as --junit writes it', taken: `a CI system reads it; ${EXPORT}` }],
];

/**
 * What a file is that is no exported soak; undefined where it may be one, or nothing is known of it.
 * A file of its own because it decides on bytes alone, before anything is sent.
 */
export async function notAnExport(handle: FileHandle, size: number): Promise<ToldKind | undefined> {
  const head = await beginning(handle, HEAD_BYTES);
  if (head.subarray(0, GZIP.length).equals(GZIP)) return undefined;
  const text = head.toString().trimStart();
  const known = BEGINNINGS.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return known[1];
  const [line = ''] = text.split('\n', 1);
  if (line.includes('"format":"oversoak"')) return undefined;
  const value = mapping((await beginning(handle, Math.min(size, MAX_JSON_BYTES))).toString());
  return value && toldKind(value);
}

function mapping(text: string): object | undefined {
  if (!text.trimStart().startsWith('{') && text.length > BOUNDS.spec.bytes) return undefined;
  for (const read of [readJson(text), readYaml(text)]) {
    if ('value' in read && isMapping(read.value)) return read.value;
  }
  return undefined;
}

async function beginning(handle: FileHandle, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
  return buffer.subarray(0, bytesRead);
}
