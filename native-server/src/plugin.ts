import { createHash } from 'node:crypto';
import type { Plugin } from '@oversoak/contracts';

/** What the addon has loaded. `plugin` is its own. */
export interface LoadedPlugin {
  longestRequestBytes: number;
  longestAnswerBytes: number;
  plugin: object;
}

interface Library {
  path: string;
  file: string;
  options: string;
}

/** The addon's: loads exactly the bytes that `check` got, unless it threw. */
export type LoadLibrary = (library: Library, check: (bytes: Uint8Array) => void) => LoadedPlugin;

/** A library stays in the process, so it is loaded once. */
const loaded = new Map<string, LoadedPlugin>();

/**
 * @param path where this machine has the library
 * @throws Error that names the file: its bytes have another hash, it cannot be loaded, it is no
 *   plug-in, or it refuses its options
 */
export function loadedPlugin(load: LoadLibrary, { plugin }: Plugin, path: string): LoadedPlugin {
  const { file, options } = plugin;
  const sha256 = plugin.sha256.toLowerCase();
  const key = JSON.stringify([path, sha256, options]);
  const before = loaded.get(key);
  if (before !== undefined) return before;
  const found = load({ path, file, options }, (bytes) => {
    const actual = createHash('sha256').update(bytes).digest('hex');
    if (actual === sha256) return;
    throw new Error(`${file}: the sha256 of ${path} is ${actual}; allowed is ${sha256}`);
  });
  loaded.set(key, found);
  return found;
}
