// Lets Node.js run the .tsx files of the console from their source, as it runs .ts files itself:
// the control plane renders reports with them. For `npm run test:file` and `dev:control-plane`.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.tsx')) return nextLoad(url, context);
    const sourcefile = fileURLToPath(url);
    const { code } = transformSync(readFileSync(sourcefile, 'utf8'), {
      ...{ loader: 'tsx', sourcefile, sourcemap: 'inline', target: 'node22' },
      ...{ jsx: 'automatic', jsxImportSource: 'preact' },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
