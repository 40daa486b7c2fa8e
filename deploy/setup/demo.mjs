// npm run demo [-- SPEC --quick ...]: the set-up for what the spec needs, then `oversoak demo`. Plain
// JavaScript without dependencies, like the set-up.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { nodeOfDependencies } from './dependencies.mjs';
import { root } from './paths.mjs';

/** Of cli/src/shell/exit-code.ts. 1 would be a server that failed its soak. */
const COULD_NOT_RUN = 2;

// Ctrl-C reaches the child as well, which stops its cluster in order and decides the exit code.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

/** Resolves with the exit code. */
function passThrough(program, args) {
  const child = spawn(program, args, { stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? COULD_NOT_RUN));
  });
}

const args = process.argv.slice(2);
const setup = [join(root, 'deploy', 'setup', 'setup.mjs'), '--demo', ...args];
if ((await passThrough(process.execPath, setup)) === 0) {
  const cli = join(root, 'cli', 'bin', 'oversoak.js');
  process.exitCode = await passThrough(nodeOfDependencies(), [cli, 'demo', ...args]);
} else {
  process.exitCode = COULD_NOT_RUN;
}
