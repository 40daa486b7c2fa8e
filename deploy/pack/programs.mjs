// The product's programs as bundles that need no other package.
import { join } from 'node:path';
import { build } from 'esbuild';
import { lazyProcess } from '../setup/lazy-process.mjs';
import { root } from '../setup/paths.mjs';
import { BANNER, placed, placeOf, places } from './places.mjs';

/** What a user starts, and what those start as a process or a thread. */
const ENTRIES = [
  'cli/dist/src/main.js',
  'control-plane/dist/src/main.js',
  'control-plane/dist/src/judge/judge-worker.js',
  'control-plane/dist/src/transfer/import-process.js',
  'agent/dist/src/main.js',
  'agent/dist/src/host/main.js',
];

/** Its module for Node gets `require` as a parameter, so that a bundler does not see what it loads. */
const jsoncParser = {
  name: 'jsonc-parser',
  setup(build) {
    const path = join(root, 'node_modules/jsonc-parser/lib/esm/main.js');
    build.onResolve({ filter: /^jsonc-parser$/ }, () => ({ path }));
  },
};

/**
 * @returns {Promise<{ files: Map<string, string>, inputs: string[] }>} the text of each output by its
 *   place in the package, and the files of the checkout that are in them
 */
export async function bundlePrograms() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outbase: root,
    outdir: root,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [lazyProcess, jsoncParser, places],
    // An accelerator with native code, and what BullMQ can use in place of Redis through ioredis.
    external: ['msgpackr-extract', 'pg', '@valkey/valkey-glide'],
    banner: { js: BANNER },
  });
  const files = new Map();
  for (const { path, text } of outputFiles) {
    const place = placeOf(path);
    files.set(place, placed(text, place));
  }
  const inputs = Object.keys(metafile.inputs).filter((path) => !path.startsWith('lazy:'));
  return { files, inputs: inputs.map((path) => join(root, path)) };
}
