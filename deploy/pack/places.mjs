// Code of a bundle finds its files as it does in the checkout: each module sees the URL that it
// would have if the package had the folders of the repository, third-party modules in third-party/.
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { root } from '../setup/paths.mjs';

export const THIRD_PARTY = 'third-party';

/** Stands in bundled code for the way from that file to the package's folder. */
const WAY = '@@package@@';

/** The declarations that `places` uses, and `require`, which CommonJS libraries call. */
export const BANNER = [
  "import { createRequire as requireOf } from 'node:module';",
  "import { fileURLToPath as pathOfPlace } from 'node:url';",
  'const require = requireOf(import.meta.url);',
  `const packagePlace = new URL('${WAY}/', import.meta.url);`,
].join('\n');

const OWN = /[\\/]dist[\\/]src[\\/].*\.js$/;
const LIBRARY = /[\\/]node_modules[\\/].*\.[cm]?js$/;
const SHARED = /^@oversoak\/(contracts|telemetry)$/;

/** esbuild's plugin. */
export const places = {
  name: 'places',
  setup(build) {
    // Their bundles for the checkout would be bundled again beside their sources.
    build.onResolve({ filter: SHARED }, ({ path }) => ({
      path: join(root, path.replace('@oversoak/', ''), 'dist', 'src', 'index.js'),
    }));
    build.onLoad({ filter: OWN }, async ({ path }) => {
      if (LIBRARY.test(path)) return undefined;
      const url = `new URL(${JSON.stringify(placeOf(path))}, packagePlace).href`;
      return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', url) };
    });
    build.onLoad({ filter: LIBRARY }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!/\b__(dir|file)name\b|import\.meta\.url/.test(text)) return undefined;
      const url = (place) => `new URL(${JSON.stringify(place)}, packagePlace)`;
      const file = placeOf(path);
      const folder = file.slice(0, file.lastIndexOf('/'));
      return {
        contents: text
          .replaceAll(/\b__dirname\b/g, `pathOfPlace(${url(folder)})`)
          .replaceAll(/\b__filename\b/g, `pathOfPlace(${url(file)})`)
          .replaceAll('import.meta.url', `${url(file)}.href`),
      };
    });
  },
};

/** Where the file of the checkout would be in the package. */
export function placeOf(path) {
  const place = relative(root, path).split(sep).join('/');
  return place.replace(/^node_modules\//, `${THIRD_PARTY}/`);
}

/**
 * The text of an output with the way to the package's folder in it.
 * @param {string} place of the output in the package, e.g. `cli/dist/src/main.js`
 */
export function placed(text, place) {
  const depth = place.split('/').length - 1;
  return text.replaceAll(WAY, depth === 0 ? '.' : Array(depth).fill('..').join('/'));
}
