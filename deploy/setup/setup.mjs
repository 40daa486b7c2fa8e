// Makes a clean clone ready to run: npm run setup [-- --tests]. Plain JavaScript without
// dependencies, because it runs before they are installed, on the machine's own Node.
// With --tests it also installs Chromium, builds the C++ unit tests and fetches Docker Compose if it
// is missing; with --all-tests it also builds Prometheus, which takes minutes. With --check it sets
// up only what the linters need: no Wine, no addon. With --demo and the arguments of a demo it sets
// up what that demo needs: no Wine and no MinGW for servers of Linux. Steps that are up to date do
// nothing, so every command starts with the set-up.
import { join } from 'node:path';
import { run, SetupError } from './command.mjs';
import { prepareCompose } from './compose.mjs';
import { installDependencies, nodeOfDependencies } from './dependencies.mjs';
import { lockSetup } from './lock.mjs';
import { buildNative } from './native.mjs';
import { fetchWindowsNode } from './node-windows.mjs';
import { installPackages } from './packages.mjs';
import { root } from './paths.mjs';
import { preparePrometheus } from './prometheus.mjs';
import { makeWinePrefix } from './wine-prefix.mjs';

const started = Date.now();
const say = (text) => console.log(`set-up: ${text}`);

const OPTIONS = ['--tests', '--all-tests', '--check', '--demo'];
/** Without the tests and the benches. */
const PRODUCT = ['cli', 'console'];
const DEVELOPMENT = ['build', 'wine', 'check', 'development'];

function setUp(options) {
  const [option, ...more] = options;
  if (more.length > 0 && option !== '--demo')
    throw new SetupError(`takes at most one option: ${OPTIONS.join(', ')}`);
  if (option !== undefined && !OPTIONS.includes(option)) {
    throw new SetupError(`unknown option ${option}; valid: ${OPTIONS.join(', ')}`);
  }
  if (process.arch !== 'x64') throw new SetupError(`needs x64, this machine is ${process.arch}`);
  if (process.platform === 'linux') setUpLinux(option, more);
  else if (process.platform === 'win32') setUpWindows();
  else throw new SetupError(`runs on Linux and Windows, not on ${process.platform}`);
  say(`ready (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

function setUpLinux(option, demoArguments) {
  lockSetup(say);
  if (option === '--demo') {
    setUpDemo(demoArguments);
    return;
  }
  if (option === '--check') {
    installPackages(say, ['check']);
    installDependencies(say);
    compileTypeScript();
    return;
  }
  const withTests = option === '--tests' || option === '--all-tests';
  installPackages(say, withTests ? [...DEVELOPMENT, 'tests'] : DEVELOPMENT);
  installDependencies(say);
  compileTypeScript();
  prepareWine();
  buildNative(say, ['mingw', 'linux', ...(withTests ? ['linux-asan', 'linux-tsan'] : [])]);
  if (withTests) prepareCompose(say);
  if (option === '--all-tests') preparePrometheus(say);
}

/** The dependencies first, because they read the spec. */
function setUpDemo(demoArguments) {
  installDependencies(say);
  compileTypeScript(PRODUCT);
  const wine = needsWine(demoArguments);
  installPackages(say, wine ? ['build', 'wine'] : ['build']);
  if (wine) prepareWine();
  buildNative(say, wine ? ['mingw', 'linux'] : ['linux']);
}

function needsWine(demoArguments) {
  const script = join(root, 'cli', 'dist', 'src', 'demo-needs.js');
  return (
    run(nodeOfDependencies(), [script, ...demoArguments], { cwd: process.cwd() }).trim() === 'wine'
  );
}

function prepareWine() {
  fetchWindowsNode(say);
  makeWinePrefix(say);
}

function setUpWindows() {
  installDependencies(say);
  compileTypeScript();
  buildNative(say, ['windows-msvc']);
  say('Redis does not run on Windows: give the commands the URL of one with --redis');
}

/** @param {string[]} [projects] with those that they refer to; all, if left out */
function compileTypeScript(projects = []) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  run(process.execPath, [compiler, '--build', ...projects]);
  for (const script of ['stale.mjs', 'bundle.mjs', 'console.mjs']) {
    run(process.execPath, [join(root, 'deploy', 'setup', script)]);
  }
}

try {
  setUp(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`set-up failed: ${error.message.trim()}`);
  process.exitCode = 1;
}
