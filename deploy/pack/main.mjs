// Makes what a release publishes: npm run pack:all -- FOLDER [--shawl FILE --shawl-licence FILE].
// The npm packages, a zip for Windows machines without npm, and the checksums of all. `--shawl`: the
// wrapper with which `oversoak agent service` makes a Windows service; it goes beside the addon, with
// its licence.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { npm } from '../setup/command.mjs';
import { serviceWrapper } from './service-wrapper.mjs';
import { refusePathsOfCheckout, stageAddons, stageProduct } from './stage.mjs';
import { zipForWindows } from './windows-zip.mjs';

const CHECKSUMS = 'SHA256SUMS';
const MIB = 1024 * 1024;

const { wrapper, folder } = readArguments(process.argv.slice(2));
if (folder === undefined) {
  console.error(
    'usage: npm run pack:all -- FOLDER [--shawl FILE --shawl-licence FILE]   (FOLDER is empty, or does not exist)',
  );
  process.exitCode = 2;
} else {
  await packAll(resolve(folder));
}

/** `folder` is undefined if they are not understood, which is printed. */
function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { shawl: { type: 'string' }, 'shawl-licence': { type: 'string' } },
      allowPositionals: true,
    });
    const wrapper = serviceWrapper(values.shawl, values['shawl-licence']);
    return { wrapper, folder: positionals.length === 1 ? positionals[0] : undefined };
  } catch (error) {
    console.error(error.message);
    return {};
  }
}

async function packAll(folder) {
  mkdirSync(folder, { recursive: true });
  // What another build left would be published with it.
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty`);
  const stage = mkdtempSync(join(tmpdir(), 'oversoak-pack-'));
  try {
    const addons = await stageAddons(stage, wrapper);
    const product = join(stage, 'oversoak');
    const { packages } = await stageProduct(product, addons);
    refusePathsOfCheckout(stage);
    for (const each of [...addons.map((addon) => addon.folder), product]) {
      await npm(['pack', each, '--pack-destination', folder, '--loglevel=error']);
    }
    await zipForWindows(product, addons, folder);
    writeChecksums(folder);
    console.log(`${packages.length} npm packages are in the bundles (THIRD-PARTY-NOTICES.txt)`);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** In the format of `sha256sum --check`; prints the sizes. */
function writeChecksums(folder) {
  const lines = readdirSync(folder).map((name) => {
    const content = readFileSync(join(folder, name));
    console.log(`${name}: ${(content.length / MIB).toFixed(2)} MiB`);
    return `${createHash('sha256').update(content).digest('hex')}  ${name}\n`;
  });
  writeFileSync(join(folder, CHECKSUMS), lines.join(''));
}
