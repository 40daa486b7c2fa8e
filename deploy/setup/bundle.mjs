// Bundles contracts, telemetry and their hundreds of library files into one file each: under Wine,
// a program that opens so many files takes seconds to start, and every run starts several. Bundling
// is fast, so it is never skipped.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { lazyProcess } from './lazy-process.mjs';
import { root } from './paths.mjs';

/** @param {string} workspace */
async function bundle(workspace, options = {}) {
  const folder = join(root, workspace, 'dist');
  // Chunks are named after their content, so stale ones would remain.
  rmSync(join(folder, 'bundle'), { recursive: true, force: true });
  await build({
    entryPoints: [join(folder, 'src', 'index.js')],
    outdir: join(folder, 'bundle'),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    ...options,
  });
}

await bundle('contracts');
await bundle('telemetry', {
  // What is loaded only with a receiver stays in a separate file.
  splitting: true,
  plugins: [lazyProcess],
  external: ['@oversoak/contracts'],
  // CommonJS libraries load Node.js modules through `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
});
