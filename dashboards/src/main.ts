// Writes all dashboards and the alert rules: npm run dashboards.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './files.ts';

/** Relative to dist/src. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

for (const [path, text] of generatedFiles()) {
  const file = join(ROOT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(path);
}
