// The plug-ins that the build makes for tests (cmake/test-plugins.cmake).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from '@oversoak/contracts';
import { REPOSITORY } from '@oversoak/testing/repository';

const SUFFIX = process.platform === 'win32' ? 'dll' : 'so';
const FOLDER = join(REPOSITORY, `native-server/build/plugins-${process.platform}-${process.arch}`);

export const pluginPath = (name: string) => join(FOLDER, `${name}.${SUFFIX}`);

/** What a fleet needs to run the plug-in at the path. */
export function pluginAt(
  path: string,
  options = '',
): { protocol: Plugin; pluginPath: string } & Plugin & { path: string } {
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  const file = path.split(/[\\/]/).at(-1) ?? '';
  const plugin = { file, sha256, options };
  return { protocol: { plugin }, pluginPath: path, plugin, path };
}
