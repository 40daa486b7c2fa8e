// The licences of the libraries whose code is in the addon: headers of Boost, the C++ libraries that
// are linked into it, and npm's headers of Node-API. Debian has them beside each package.
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../setup/command.mjs';
import { readJson, root } from '../setup/paths.mjs';

const BOOST = { name: 'Boost', file: () => '/usr/include/boost/lockfree/queue.hpp' };
const MINGW = 'x86_64-w64-mingw32-g++-posix';

/** A library that the compiler's driver finds. */
const linked = (name, compiler, library) => ({
  name,
  file: async () => realpathSync((await run(compiler, [`-print-file-name=${library}`])).trim()),
});

/** What Debian's packages have of the addon, by platform; `file` leads to the package. */
const DEBIAN = {
  'win32-x64': [
    { ...BOOST, licence: 'BSL-1.0' },
    linked("GCC's runtime libraries", MINGW, 'libstdc++.a'),
    linked("MinGW-w64's runtime and winpthreads", MINGW, 'libwinpthread.a'),
  ],
  'linux-x64': [
    { ...BOOST, licence: 'BSL-1.0' },
    linked("GCC's runtime libraries", 'g++', 'libstdc++.a'),
    { name: 'liburing', file: () => '/usr/include/liburing.h' },
  ],
};
const NPM = [
  ['node-addon-api', 'LICENSE.md'],
  ['node-api-headers', 'LICENSE'],
];

/**
 * @returns {Promise<{ name: string, version: string, license: string, text: string }[]>} as `packagesOf`
 * @throws Error where the libraries do not come from packages of Debian
 */
export async function librariesOf(platform) {
  const npm = NPM.map(([name, file]) => {
    const { version, license } = readJson(`node_modules/${name}/package.json`);
    const text = readFileSync(join(root, 'node_modules', name, file), 'utf8').trim();
    return { name, version, license, text };
  });
  return [...(await Promise.all(DEBIAN[platform].map(debianLibrary))), ...npm];
}

async function debianLibrary({ name, file, licence }) {
  const path = await file();
  const owner = (await run('dpkg-query', ['--search', path])).split(':')[0];
  const version = /^Version: (.*)$/m.exec(await run('dpkg-query', ['--status', owner]))[1];
  const whole = readFileSync(`/usr/share/doc/${owner}/copyright`, 'utf8').trim();
  const text = licence === undefined ? whole : paragraphOf(licence, whole, owner);
  return { name, version, license: licence ?? `Debian's ${owner}`, text };
}

/** The text of one licence. Debian's file about all of Boost has two megabytes. */
function paragraphOf(licence, copyright, owner) {
  const paragraph = new RegExp(`^License: ${licence.replaceAll('.', '\\.')}\n((?: .*\n?)+)`, 'm');
  const [, text] = copyright.match(paragraph) ?? [];
  if (text === undefined) throw new Error(`the licence ${licence} is not in that of ${owner}`);
  return text.replace(/^ \.?/gm, '').trim();
}
