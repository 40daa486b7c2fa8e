import prefresh from '@prefresh/vite';
import { defineConfig, type Plugin } from 'vite';

const ASKS_FOR_ZLIB = /eval\((['"])require\("zlib"\)\.\w+\1\)/g;

/** The library looks for Node's zlib by `eval`, which the console's policy forbids; it has its own. */
const withoutEval: Plugin = {
  name: 'hdr-histogram-js without eval',
  enforce: 'pre',
  // The dev server sets no policy.
  apply: 'build',
  transform(code, id) {
    if (!id.includes('hdr-histogram-js')) return null;
    const plain = code.replace(ASKS_FOR_ZLIB, '(() => { throw new Error("no zlib"); })()');
    if (plain.includes('eval(')) throw new Error(`${id} asks for eval otherwise`);
    return { code: plain, map: null };
  },
};

// The dev server (`npm run dev`) has the console beside a control plane that runs already.
export default defineConfig({
  plugins: [prefresh(), withoutEval],
  // As tsconfig.json says; the plugin for hot reload sets it otherwise.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { conditions: ['oversoak-source', 'module', 'browser', 'development|production'] },
  server: {
    proxy: { '/v1': process.env.OVERSOAK_URL ?? 'http://127.0.0.1:7700' },
  },
});
