// One file in place of the hundreds that the contracts' libraries have: Windows programs that open
// as many take seconds to start under Wine, and every run starts some. Fast, so never skipped.
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

const folder = join(root, 'contracts', 'dist');

await build({
  entryPoints: [join(folder, 'src', 'index.js')],
  outfile: join(folder, 'bundle', 'index.js'),
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  sourcemap: true,
  logLevel: 'warning',
});
