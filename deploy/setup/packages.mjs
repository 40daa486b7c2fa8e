// Installs the Debian packages that the build and the tests need. A package counts as present if
// its files exist, so that the same program from another source (WineHQ, another distribution) is
// accepted.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { onPath, run, SetupError } from './command.mjs';

const FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';

const needed = [
  { packages: ['wine', 'wine64'], programs: ['wine', 'wineserver'] },
  {
    packages: ['g++-mingw-w64-x86-64-posix'],
    programs: ['x86_64-w64-mingw32-g++-posix', 'x86_64-w64-mingw32-dlltool'],
  },
  { packages: ['redis-server'], programs: ['redis-server'] },
  { packages: ['cmake'], programs: ['cmake', 'ctest'] },
  { packages: ['ninja-build'], programs: ['ninja'] },
  { packages: ['g++'], programs: ['g++'] },
  { packages: ['clang-format'], programs: ['clang-format'] },
  { packages: ['shellcheck'], programs: ['shellcheck'] },
  { packages: ['netcat-openbsd'], programs: ['nc'] },
  { packages: ['patch'], programs: ['patch'] },
  { packages: ['doctest-dev'], file: '/usr/include/doctest/doctest.h' },
  { packages: ['libboost-dev'], file: '/usr/include/boost/lockfree/queue.hpp' },
  { packages: ['libasio-dev'], file: '/usr/include/asio.hpp' },
  { packages: ['liburing-dev'], file: '/usr/include/liburing.h' },
  // Only for tests.
  { packages: ['chromium'], programs: ['chromium'], isForTests: true },
  { packages: ['fonts-dejavu-core'], file: FONT, isForTests: true },
];

const policy = '/usr/sbin/policy-rc.d';
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @param {(packages: string[], isForTests: boolean) => boolean} isWanted */
export function installPackages(say, isWanted) {
  const missing = missingPackages(isWanted);
  if (missing.length === 0) return;
  const become = rootPrefix();
  if (!onPath('apt-get') || !become) throw new SetupError(howToGet(missing));
  say(`installing ${missing.join(' ')}`);
  try {
    aptInstall(become, missing);
  } catch (error) {
    throw new SetupError(`${error.message}\n\n${howToGet(missing)}`);
  }
  const still = missingPackages(isWanted);
  if (still.length > 0) throw new SetupError(`installed, but not found: ${still.join(' ')}`);
}

function missingPackages(isWanted) {
  const present = ({ programs = [], file }) =>
    programs.every(onPath) && (!file || existsSync(file));
  const wanted = needed.filter(({ packages, isForTests = false }) =>
    isWanted(packages, isForTests),
  );
  return wanted.filter((entry) => !present(entry)).flatMap((entry) => entry.packages);
}

/**
 * The command prefix that runs a command as root, or undefined if none works without a password.
 */
function rootPrefix() {
  if (process.getuid() === 0) return [];
  if (!onPath('sudo')) return undefined;
  try {
    run('sudo', ['-n', 'true']);
    return ['sudo', '-n'];
  } catch {
    return undefined; // sudo would ask for a password
  }
}

function aptInstall(become, packages) {
  const asRoot = (...words) => run(...split([...become, ...words]));
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y'];
  // Otherwise the redis-server package would start an unwanted server.
  const forbidServices = !existsSync(policy);
  // Ctrl-C ends apt-get; this process must still remove the policy afterwards.
  const stay = () => {};
  for (const signal of signals) process.on(signal, stay);
  try {
    if (forbidServices) writePolicy(become);
    asRoot(...apt, 'update');
    asRoot(...apt, 'install', '--no-install-recommends', ...packages);
  } finally {
    if (forbidServices) removePolicy(become);
    for (const signal of signals) process.off(signal, stay);
  }
}

function writePolicy(become) {
  const text = '#!/bin/sh\nexit 101\n';
  if (become.length === 0) writeFileSync(policy, text, { mode: 0o755 });
  else run(...split([...become, 'install', '-m', '755', '/dev/stdin', policy]), { input: text });
}

function removePolicy(become) {
  if (become.length === 0) rmSync(policy, { force: true });
  else run(...split([...become, 'rm', '-f', policy]));
}

const split = ([program, ...args]) => [program, args];

function howToGet(missing) {
  return [
    `These Debian packages are missing: ${missing.join(' ')}`,
    'Nothing was installed. As root, on Debian or Ubuntu:',
    `  apt-get update && apt-get install --no-install-recommends ${missing.join(' ')}`,
  ].join('\n');
}
