import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

// This module runs compiled, from dist/src, and as it is.
const here = new URL(import.meta.url.replace('/dist/src/', '/src/'));

/** The repository's root, with a separator at its end. */
export const REPOSITORY = fileURLToPath(new URL('../../', here));

/** The module `name` beside another, compiled or not as that is, for a process of its own. */
export function siblingModule(moduleUrl: string, name: string): URL {
  return new URL(`${name}${extname(moduleUrl)}`, moduleUrl);
}
