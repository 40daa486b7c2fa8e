// One file in place of the hundreds that the libraries of contracts and telemetry have: Windows
// programs that open as many take seconds to start under Wine, and every run starts some. Fast, so
// never skipped.
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

/** @param {string} workspace */
async function bundle(workspace, options = {}) {
  const folder = join(root, workspace, 'dist');
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
  // What is loaded only where there is a receiver stays a file of its own.
  splitting: true,
  external: ['@oversoak/contracts'],
  // Libraries in CommonJS ask for modules of Node.js in their own way.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
});
