// Bundles contracts, telemetry and their hundreds of library files into one file each: under Wine,
// a program that opens so many files takes seconds to start, and every run starts several. Bundling
// is fast, so it is never skipped.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { lazyProcess } from './lazy-process.mjs';
import { root } from './paths.mjs';

/** @param {string} workspace */
async function bundle(workspace, options = {}) {
  const folder = join(root, workspace, 'dist');
  const outdir = join(folder, 'bundle');
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'src', 'index.js')],
    outdir,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    ...options,
  });
  mkdirSync(outdir, { recursive: true });
  // Other commands may start meanwhile: each file is there at any time, and what it loads before it.
  const entryLast = [...outputFiles].sort((a, b) => rank(a.path) - rank(b.path));
  for (const { path, contents } of entryLast) {
    writeFileSync(`${path}.new`, contents);
    renameSync(`${path}.new`, path);
  }
  // Chunks are named after their content, so stale ones would remain.
  const made = new Set(outputFiles.map(({ path }) => basename(path)));
  for (const file of readdirSync(outdir)) if (!made.has(file)) rmSync(join(outdir, file));
}

/** @param {string} path */
const rank = (path) => (basename(path) === 'index.js' ? 1 : 0);

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
