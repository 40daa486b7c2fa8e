// Builds the console for browsers, and the script and style that a report file has in it:
// node deploy/setup/console.mjs
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './paths.mjs';

const folder = join(root, 'console');
const shared = { root: folder, logLevel: 'warn' };

await build({
  ...shared,
  build: { outDir: 'dist/web', emptyOutDir: true, modulePreload: false },
});
await build({
  ...shared,
  build: {
    outDir: 'dist/report',
    emptyOutDir: true,
    modulePreload: false,
    rollupOptions: {
      input: [join(folder, 'src', 'report-main.tsx'), join(folder, 'src', 'style.css')],
      output: { entryFileNames: 'report.js', assetFileNames: 'report.[ext]' },
    },
  },
});
