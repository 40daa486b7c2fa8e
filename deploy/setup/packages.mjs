// Installs the Debian packages that the build and the tests need. A package counts as present if
// its files exist, so that the same program from another source (WineHQ, another distribution) is
// accepted.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { onPath, run, SetupError } from './command.mjs';

const FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';

/** @typedef {'build' | 'wine' | 'check' | 'development' | 'tests'} Use */

/** What packages are for. `build`: the product on Linux; `wine`: servers of Windows. */
const needed = [
  { for: 'wine', packages: ['wine', 'wine64'], programs: ['wine', 'wineserver'] },
  {
    for: 'wine',
    packages: ['g++-mingw-w64-x86-64-posix'],
    programs: ['x86_64-w64-mingw32-g++-posix', 'x86_64-w64-mingw32-dlltool'],
  },
  { for: 'build', packages: ['redis-server'], programs: ['redis-server'] },
  { for: 'build', packages: ['cmake'], programs: ['cmake', 'ctest'] },
  { for: 'build', packages: ['ninja-build'], programs: ['ninja'] },
  { for: 'build', packages: ['g++'], programs: ['g++'] },
  { for: 'check', packages: ['clang-format'], programs: ['clang-format'] },
  { for: 'check', packages: ['shellcheck'], programs: ['shellcheck'] },
  { for: 'development', packages: ['netcat-openbsd'], programs: ['nc'] },
  { for: 'development', packages: ['patch'], programs: ['patch'] },
  { for: 'development', packages: ['doctest-dev'], file: '/usr/include/doctest/doctest.h' },
  { for: 'build', packages: ['libboost-dev'], file: '/usr/include/boost/lockfree/queue.hpp' },
  { for: 'development', packages: ['libasio-dev'], file: '/usr/include/asio.hpp' },
  { for: 'build', packages: ['liburing-dev'], file: '/usr/include/liburing.h' },
  { for: 'tests', packages: ['memcached'], file: '/usr/bin/memcached' },
  { for: 'tests', packages: ['mosquitto'], file: '/usr/sbin/mosquitto' },
  { for: 'tests', packages: ['zsh'], programs: ['zsh'] },
  { for: 'tests', packages: ['fish'], programs: ['fish'] },
  { for: 'tests', packages: ['chromium'], programs: ['chromium'] },
  { for: 'tests', packages: ['fonts-dejavu-core'], file: FONT },
];

const policy = '/usr/sbin/policy-rc.d';
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Refuses what cannot be installed, before anything has changed.
 * @param {Use[]} certain what is needed in any case
 * @param {Use[]} possible with what may turn out to be needed, so that all of it is named at once
 */
export async function refuseWithoutRoot(certain, possible) {
  if (missingPackages(certain).length === 0) return;
  if (!(await installer())) throw new SetupError(howToGet(missingPackages(possible)));
}

/** @param {Use[]} uses */
export async function installPackages(say, uses) {
  const missing = missingPackages(uses);
  if (missing.length === 0) return;
  const become = await installer();
  if (!become) throw new SetupError(howToGet(missing));
  say(`installing ${missing.join(' ')}`);
  try {
    await aptInstall(become, missing);
  } catch (error) {
    throw new SetupError(`${error.message}\n\n${howToGet(missing)}`);
  }
  const still = missingPackages(uses);
  if (still.length > 0) throw new SetupError(`installed, but not found: ${still.join(' ')}`);
}

function missingPackages(uses) {
  const present = ({ programs = [], file }) =>
    programs.every(onPath) && (!file || existsSync(file));
  const wanted = needed.filter((entry) => uses.includes(entry.for));
  return wanted.filter((entry) => !present(entry)).flatMap((entry) => entry.packages);
}

/** The command prefix that runs apt-get as root, or undefined if none works without a password. */
async function installer() {
  if (!onPath('apt-get')) return undefined;
  if (process.getuid() === 0) return [];
  if (!onPath('sudo')) return undefined;
  try {
    await run('sudo', ['-n', 'true']);
    return ['sudo', '-n'];
  } catch {
    return undefined; // sudo would ask for a password
  }
}

async function aptInstall(become, packages) {
  const asRoot = (...words) => run(...split([...become, ...words]));
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y'];
  // Otherwise the redis-server package would start an unwanted server.
  const forbidServices = !existsSync(policy);
  // Ctrl-C ends apt-get; this process must still remove the policy afterwards.
  const stay = () => {};
  for (const signal of signals) process.on(signal, stay);
  try {
    if (forbidServices) await writePolicy(become);
    await asRoot(...apt, 'update');
    await asRoot(...apt, 'install', '--no-install-recommends', ...packages);
  } finally {
    if (forbidServices) await removePolicy(become);
    for (const signal of signals) process.off(signal, stay);
  }
}

async function writePolicy(become) {
  const text = '#!/bin/sh\nexit 101\n';
  if (become.length === 0) writeFileSync(policy, text, { mode: 0o755 });
  else
    await run(...split([...become, 'install', '-m', '755', '/dev/stdin', policy]), { input: text });
}

async function removePolicy(become) {
  if (become.length === 0) rmSync(policy, { force: true });
  else await run(...split([...become, 'rm', '-f', policy]));
}

const split = ([program, ...args]) => [program, args];

function howToGet(missing) {
  return [
    `These Debian packages are missing: ${missing.join(' ')}`,
    'They were not installed. As root, on Debian or Ubuntu:',
    `  apt-get update && apt-get install --no-install-recommends ${missing.join(' ')}`,
  ].join('\n');
}
