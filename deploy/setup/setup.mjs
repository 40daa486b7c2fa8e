// Makes a clean clone ready to run: npm run setup [-- --tests]. Plain JavaScript with no
// dependencies, because it runs before they are installed, on the machine's own Node.
// With --tests the C++ unit tests and a Prometheus are built too, and Docker Compose is fetched where
// it is missing. Every step does nothing when there is nothing to do, so every command begins with
// the set-up.
import { join } from 'node:path';
import { run, SetupError } from './command.mjs';
import { prepareCompose } from './compose.mjs';
import { installDependencies } from './dependencies.mjs';
import { lockSetup } from './lock.mjs';
import { buildNative } from './native.mjs';
import { fetchWindowsNode } from './node-windows.mjs';
import { installPackages } from './packages.mjs';
import { root } from './paths.mjs';
import { preparePrometheus } from './prometheus.mjs';
import { makeWinePrefix } from './wine-prefix.mjs';

const started = Date.now();
const say = (text) => console.log(`set-up: ${text}`);

function setUp(options) {
  for (const option of options) {
    if (option !== '--tests') throw new SetupError(`unknown option ${option}; valid: --tests`);
  }
  if (process.arch !== 'x64') throw new SetupError(`needs x64, this machine is ${process.arch}`);
  if (process.platform === 'linux') setUpLinux(options.includes('--tests'));
  else if (process.platform === 'win32') setUpWindows();
  else throw new SetupError(`runs on Linux and Windows, not on ${process.platform}`);
  say(`ready (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

function setUpLinux(withTests) {
  lockSetup(say);
  installPackages(say);
  installDependencies(say);
  fetchWindowsNode(say);
  makeWinePrefix(say);
  compileTypeScript();
  buildNative(say, withTests ? ['mingw', 'linux-asan', 'linux-tsan'] : ['mingw']);
  if (withTests) {
    prepareCompose(say);
    preparePrometheus(say);
  }
}

function setUpWindows() {
  installDependencies(say);
  compileTypeScript();
  buildNative(say, ['windows-msvc']);
  say('Redis does not run on Windows: give the commands the URL of one with --redis');
}

function compileTypeScript() {
  run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--build']);
  run(process.execPath, [join(root, 'deploy', 'setup', 'bundle.mjs')]);
}

try {
  setUp(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`set-up failed: ${error.message.trim()}`);
  process.exitCode = 1;
}
