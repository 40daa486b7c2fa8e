import { fileURLToPath } from 'node:url';

// This module runs compiled, from dist/src, and as it is.
const here = import.meta.url.replace('/dist/src/', '/src/');

/** The path of a file of the repository's `docs/`. */
export const docsFile = (name: string): string =>
  fileURLToPath(new URL(`../../../docs/${name}`, here));
