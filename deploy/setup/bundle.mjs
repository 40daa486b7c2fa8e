// One file in place of the hundreds that the libraries of contracts and telemetry have: Windows
// programs that open as many take seconds to start under Wine, and every run starts some. Fast, so
// never skipped.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

/**
 * Libraries that import all of Node's "process" read its standard input with it, and that throws
 * under Wine on a pipe that was made outside. Through this they read what they ask for.
 */
const lazyProcess = {
  name: 'lazy process',
  setup(build) {
    build.onResolve({ filter: /^(node:)?process$/ }, ({ path }) => ({ path, namespace: 'lazy' }));
    build.onLoad({ filter: /./, namespace: 'lazy' }, () => ({
      contents: 'module.exports = globalThis.process;',
    }));
  },
};

/** @param {string} workspace */
async function bundle(workspace, options = {}) {
  const folder = join(root, workspace, 'dist');
  // Parts are named after what is in them, so those of before would stay.
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
  // What is loaded only where there is a receiver stays a file of its own.
  splitting: true,
  plugins: [lazyProcess],
  external: ['@oversoak/contracts'],
  // Libraries in CommonJS ask for modules of Node.js in their own way.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
});
