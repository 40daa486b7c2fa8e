// The folders that become the packages of a release.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../setup/command.mjs';
import { lockedWindowsNode } from '../setup/node-windows.mjs';
import { readJson, root } from '../setup/paths.mjs';
import { librariesOf } from './native-notices.mjs';
import { noticesText, packagesOf } from './notices.mjs';
import { THIRD_PARTY } from './places.mjs';
import { bundlePrograms } from './programs.mjs';
import { stageServiceWrapper } from './service-wrapper.mjs';

/** What the code reads at run time, at the place at which the checkout has it. */
const FILES = [
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'cli/bin/oversoak.js',
  'deploy/setup/command.mjs',
  'deploy/setup/lock.mjs',
  'deploy/setup/node-windows.mjs',
  'deploy/setup/paths.mjs',
  'deploy/setup/wine-machine.mjs',
  'deploy/setup/wine-prefix.mjs',
];
const NOTICES = 'THIRD-PARTY-NOTICES.txt';
const FOLDERS = ['console/dist/report', 'console/dist/web', 'presets'];
/** Each reads its version from its own manifest. */
const MANIFESTS = ['agent', 'cli', 'control-plane', 'native-server'];
const SWAGGER_UI = '@fastify/swagger-ui/static';
/** A copy of what the files with "bundle" and "preset" in their names have; no page loads it. */
const UNUSED = /swagger-ui\.js$/;

/** The first runs on Windows, and under Wine. */
const PLATFORMS = [
  { platform: 'win32-x64', os: ['win32', 'linux'], strip: 'x86_64-w64-mingw32-strip' },
  { platform: 'linux-x64', os: ['linux'], libc: ['glibc'], strip: 'strip' },
];

const own = readJson('cli/package.json');

/** What the manifests of the packages have in common. */
const common = {
  version: own.version,
  license: own.license,
  type: 'module',
  ...repository(),
};

/** npm shows the provenance of a package only if its manifest names the repository. */
function repository() {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env;
  if (GITHUB_REPOSITORY === undefined) return {};
  return { repository: { type: 'git', url: `git+${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git` } };
}

/**
 * @param {ReturnType<typeof import('./service-wrapper.mjs').serviceWrapper>} wrapper for Windows
 * @returns the packages of the addon that this checkout has built, staged below `folder`
 */
export async function stageAddons(folder, wrapper) {
  const addons = [];
  for (const { platform, strip, ...manifest } of PLATFORMS) {
    const built = join(root, 'native-server/build', platform, 'oversoak_native.node');
    if (!existsSync(built)) throw new Error(`${built} is missing: run "npm run setup" first`);
    const name = `@oversoak/native-${platform}`;
    const staged = join(folder, `native-${platform}`);
    const addon = join(staged, 'oversoak_native.node');
    mkdirSync(staged, { recursive: true });
    // MinGW's libraries bring debug information, which names folders of the machine that built them.
    await run(strip, ['--strip-debug', '-o', addon, built]);
    copy('LICENSE', staged);
    const subject = `The C++ addon of oversoak for ${platform} contains`;
    write(join(staged, NOTICES), noticesText(subject, await librariesOf(platform)));
    if (wrapper !== undefined && addons.length === 0) stageServiceWrapper(wrapper, staged);
    writeFileSync(
      join(staged, 'README.md'),
      `# ${name}\n\nThe C++ addon of [oversoak](https://www.npmjs.com/package/oversoak) for ${platform}. Install \`oversoak\`, which depends on it.\n`,
    );
    writeJson(join(staged, 'package.json'), {
      name,
      description: `The C++ addon of oversoak for ${platform}`,
      ...common,
      main: 'oversoak_native.node',
      ...manifest,
      cpu: ['x64'],
    });
    addons.push({ name, platform, folder: staged });
  }
  return addons;
}

/** Stages the package `oversoak` in `folder`. */
export async function stageProduct(folder, addons) {
  const { files, inputs } = await bundlePrograms();
  for (const [place, text] of files) write(join(folder, place), text);
  for (const file of FILES) copy(file, folder);
  for (const each of FOLDERS) cpSync(join(root, each), join(folder, each), { recursive: true });
  for (const each of readJson('package.json').workspaces) copyLua(`${each}/src`, folder);
  cpSync(join(root, 'node_modules', SWAGGER_UI), join(folder, THIRD_PARTY, SWAGGER_UI), {
    recursive: true,
    filter: (path) => !UNUSED.test(path),
  });
  for (const each of MANIFESTS) {
    const { name, version, type, engines } = readJson(`${each}/package.json`);
    writeJson(join(folder, each, 'package.json'), { name, version, type, engines });
  }
  const packages = packagesOf(inputs);
  write(join(folder, NOTICES), noticesText('The programs of oversoak contain', packages));
  const { version, integrity } = lockedWindowsNode();
  writeJson(join(folder, 'package.json'), {
    name: own.name,
    description: readJson('package.json').description,
    keywords: ['soak-test', 'load-test', 'windows', 'winsock', 'iocp', 'fastify', 'bullmq'],
    ...common,
    engines: own.engines,
    bin: { oversoak: 'cli/bin/oversoak.js' },
    optionalDependencies: Object.fromEntries(addons.map(({ name }) => [name, own.version])),
    windowsNode: { version, integrity },
  });
  return { packages };
}

/** Everything that was staged, relative to `folder`, with `/`. */
export function stagedFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

/** @throws Error that names the files with a path of this machine in them */
export function refusePathsOfCheckout(folder) {
  const path = Buffer.from(root.replace(/[\\/]$/, ''));
  const files = stagedFiles(folder).filter((file) => readFileSync(file).includes(path));
  if (files.length > 0) throw new Error(`${path} is in ${files.join(', ')}`);
}

function copyLua(from, folder) {
  if (!existsSync(join(root, from))) return;
  for (const name of readdirSync(join(root, from), { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.lua')) copy(`${from}/${name}`, folder);
  }
}

function copy(file, folder) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  cpSync(join(root, file), join(folder, file));
  if (file.includes('/bin/')) chmodSync(join(folder, file), 0o755);
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function writeJson(file, value) {
  write(file, `${JSON.stringify(value, null, 2)}\n`);
}
