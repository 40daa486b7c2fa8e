// Makes a clean clone ready to run: npm run setup [-- --tests]. Plain JavaScript without
// dependencies, because it runs before they are installed, on the machine's own Node.
// With --tests it also installs Chromium, builds the C++ unit tests and fetches Docker Compose if it
// is missing; with --all-tests it also builds Prometheus, which takes minutes. With --check it sets
// up only what the linters need: no Wine, no addon. With --demo and the arguments of a demo it sets
// up what that demo needs: no Wine and no MinGW for servers of Linux; with --start what a cluster for
// all servers needs. Steps that are up to date take little, so every command starts with the set-up.
import { join } from 'node:path';
import { run, SetupError } from './command.mjs';
import { prepareCompose } from './compose.mjs';
import { installDependencies, nodeOfDependencies } from './dependencies.mjs';
import { lockSetup } from './lock.mjs';
import { buildNative } from './native.mjs';
import { fetchWindowsNode } from './node-windows.mjs';
import { installPackages, refuseWithoutRoot } from './packages.mjs';
import { root } from './paths.mjs';
import { preparePrometheus } from './prometheus.mjs';
import { timed, together } from './steps.mjs';
import { makeWinePrefix } from './wine-prefix.mjs';

const started = performance.now();
const say = (text) => console.log(`set-up: ${text}`);

/** Of cli/src/shell/exit-code.ts: `npm run demo` and `npm start` end with the code of a set-up that fails. */
const COULD_NOT_RUN = 2;
const OPTIONS = ['--tests', '--all-tests', '--check', '--demo', '--start'];
/** Without the tests and the benches. */
const PRODUCT = ['cli', 'console'];
const DEVELOPMENT = ['build', 'wine', 'check', 'development'];
/** The C++ unit tests, and the sources that they lack without precompiled headers. */
const TESTS = ['linux-asan', 'linux-tsan', 'mingw-includes'];

async function setUp(options) {
  const [option, ...more] = options;
  if (more.length > 0 && option !== '--demo')
    throw new SetupError(`takes at most one option: ${OPTIONS.join(', ')}`);
  if (option !== undefined && !OPTIONS.includes(option)) {
    throw new SetupError(`unknown option ${option}; valid: ${OPTIONS.join(', ')}`);
  }
  if (process.arch !== 'x64') throw new SetupError(`needs x64, this machine is ${process.arch}`);
  if (process.platform === 'linux') await setUpLinux(option, more);
  else if (process.platform === 'win32') await setUpWindows();
  else throw new SetupError(`runs on Linux and Windows, not on ${process.platform}`);
  say(`ready (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

async function setUpLinux(option, demoArguments) {
  lockSetup(say);
  if (option === '--check') await setUpCheck();
  else if (option === '--demo') await setUpDemo(demoArguments);
  else if (option === '--start') await setUpStart();
  else await setUpDevelopment(option);
}

async function setUpCheck() {
  await packages(['check']);
  await dependencies();
  await everyTypeScript();
}

/** The dependencies first, because they read the spec; servers of Windows are what most have. */
async function setUpDemo(demoArguments) {
  await refuseWithoutRoot(['build'], ['build', 'wine']);
  await dependencies();
  await typeScript(PRODUCT);
  const wine = await needsWine(demoArguments);
  await packages(wine ? ['build', 'wine'] : ['build']);
  await rest(wine);
}

async function setUpStart() {
  await packages(['build', 'wine']);
  await dependencies();
  await typeScript(PRODUCT);
  await rest(true);
}

/** What runs a cluster, apart from its TypeScript. */
function rest(wine) {
  return together(
    say,
    buildConsole,
    () => addons(wine ? ['mingw', 'linux'] : ['linux']),
    ...(wine ? [prepareWine] : []),
  );
}

/** While compilers have the processors, the other steps mostly wait: for the network, or for Wine. */
async function setUpDevelopment(option) {
  const withTests = option === '--tests' || option === '--all-tests';
  await packages(withTests ? [...DEVELOPMENT, 'tests'] : DEVELOPMENT);
  const presets = ['mingw', 'linux', ...(withTests ? TESTS : [])];
  const compile = async () => {
    await dependencies();
    await together(say, everyTypeScript, () => addons(presets));
  };
  const steps = [compile, prepareWine];
  if (withTests) steps.push(() => timed(say, 'Docker Compose', () => prepareCompose(say)));
  if (option === '--all-tests') {
    steps.push(() => timed(say, 'Prometheus', () => preparePrometheus(say)));
  }
  await together(say, ...steps);
}

async function setUpWindows() {
  await dependencies();
  await together(say, everyTypeScript, () => addons(['windows-msvc']));
  say('Redis does not run on Windows: give the commands the URL of one with --redis');
}

const packages = (uses) => timed(say, 'Debian packages', () => installPackages(say, uses));

const dependencies = () => timed(say, 'npm packages', () => installDependencies(say));

async function needsWine(demoArguments) {
  const script = join(root, 'cli', 'dist', 'src', 'demo-needs.js');
  const options = { cwd: process.cwd() };
  return (await run(nodeOfDependencies(), [script, ...demoArguments], options)).trim() === 'wine';
}

async function prepareWine() {
  await timed(say, 'Windows Node', () => fetchWindowsNode(say));
  await timed(say, 'Wine prefix', () => makeWinePrefix(say));
}

async function addons(presets) {
  for (const preset of presets) {
    await timed(say, `native-server (${preset})`, () => buildNative(say, preset));
  }
}

/** @param {string[]} [projects] with those that they refer to; all, if left out */
function typeScript(projects = []) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  return timed(say, 'TypeScript', async () => {
    // Projects are compiled beside one another; checkers beside one another would repeat work in each.
    await run(process.execPath, [compiler, '--build', '--checkers', '1', ...projects]);
    await script('stale.mjs');
    await script('bundle.mjs');
  });
}

const buildConsole = () => timed(say, 'console', () => script('console.mjs'));

/** One after the other, since the first looks through the folders that the second empties. */
async function everyTypeScript() {
  await typeScript();
  await buildConsole();
}

const script = (name) => run(process.execPath, [join(root, 'deploy', 'setup', name)]);

try {
  await setUp(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`set-up failed: ${error.message.trim()}`);
  process.exitCode = COULD_NOT_RUN;
}
