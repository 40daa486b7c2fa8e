// Removes compiled files whose source has moved or gone, since tests are found by their compiled
// names: node deploy/setup/stale.mjs
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const ENDS = ['.js', '.js.map', '.d.ts'];

/** Made by bundlers, which remove what is stale themselves. */
const BUNDLED = /^(bundle|report|web)[\\/]/;

const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
for (const name of workspaces) removeStale(join(root, name));

/** The source of PACKAGE/dist/FOLDER/x.js is PACKAGE/FOLDER/x.ts, or x.tsx. */
function removeStale(folder) {
  const dist = join(folder, 'dist');
  if (!existsSync(dist)) return;
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const end = ENDS.find((each) => file.endsWith(each));
    if (end === undefined || BUNDLED.test(file)) continue;
    const source = join(folder, file.slice(0, -end.length));
    if (!existsSync(`${source}.ts`) && !existsSync(`${source}.tsx`)) rmSync(join(dist, file));
  }
}
