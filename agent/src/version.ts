import { createRequire } from 'node:module';

// Compiled code stands in dist/src.
const require = createRequire(import.meta.url.replace('/dist/src/', '/src/'));

/** Version of the package. */
export const version: string = require('../package.json').version;
