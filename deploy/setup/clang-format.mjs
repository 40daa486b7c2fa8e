// Checks the C++ sources against .clang-format: node deploy/setup/clang-format.mjs [--fix]
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const folders = [
  'native-server/include',
  'native-server/src',
  'native-server/test',
  'native-server/fuzz',
  'bench/native',
  'examples/plugin',
];
const sources = folders.flatMap(sourcesUnder);
const mode = process.argv.includes('--fix') ? ['-i'] : ['--dry-run', '-Werror'];
const { status } = spawnSync('clang-format', [...mode, ...sources], { stdio: 'inherit' });
process.exitCode = status ?? 1;
if (status === 0) console.log(`clang-format: ${sources.length} files`);

function sourcesUnder(folder) {
  const path = join(root, folder);
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return sourcesUnder(join(folder, entry.name));
    return /\.(c|cc|h)$/.test(entry.name) ? [join(path, entry.name)] : [];
  });
}
