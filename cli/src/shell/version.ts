import { createRequire } from 'node:module';

// Compiled code is in dist/src.
const require = createRequire(import.meta.url.replace('/dist/src/', '/src/'));

/** This package's version. */
export const version: string = require('../../package.json').version;
