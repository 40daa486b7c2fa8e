// Creates the Wine prefix template that every private prefix is copied from
// (agent/src/wine/prefix.ts). No program runs in it after its creation, and it is never the user's
// ~/.wine.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { run, SetupError } from './command.mjs';
import { nodeVersion, state, windowsNode, winePrefix } from './paths.mjs';

const stamp = 'oversoak-wine-version';

export async function makeWinePrefix(say) {
  const version = (await run('wine', ['--version'])).trim();
  const stampFile = join(winePrefix, stamp);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === version) return;
  say(`making the Wine prefix (${version})`);
  const prefix = `${winePrefix}.new`;
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const wine = inPrefix(prefix);
  try {
    await wine('wine', 'wineboot', '--init');
    await wine('wine', 'winecfg', '-v', 'win10'); // Node refuses to start on an older Windows
    keepOutOfHome(prefix);
    const shown = join(prefix, 'node-version');
    await wine('sh', '-c', 'wine "$0" --version > "$1"', windowsNode, shown);
    const answer = readFileSync(shown, 'utf8').trim();
    if (answer !== `v${nodeVersion}`)
      throw new SetupError(`node.exe under Wine printed "${answer}"`);
    rmSync(shown);
  } finally {
    // -k makes the server write the registry; it fails if the server has already ended.
    await wine('sh', '-c', 'wineserver -k; wineserver -w');
  }
  writeFileSync(join(prefix, stamp), version);
  rmSync(winePrefix, { recursive: true, force: true });
  renameSync(prefix, winePrefix);
}

// Same environment as wineEnvironment in agent/src/wine/node.ts.
function inPrefix(prefix) {
  const { DISPLAY, WAYLAND_DISPLAY, NODE_OPTIONS, ...inherited } = process.env;
  const env = {
    ...inherited,
    WINEPREFIX: prefix,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mscoree,mshtml,winemenubuilder.exe=',
  };
  // Wine's services outlive the command and would keep a pipe open, so no output is read.
  return (program, ...args) => run(program, args, { env, stdio: 'ignore' });
}

// Wine links Documents, Desktop and so on to the user's home.
function keepOutOfHome(prefix) {
  const users = join(prefix, 'drive_c', 'users');
  for (const user of readdirSync(users)) {
    for (const name of readdirSync(join(users, user))) {
      const folder = join(users, user, name);
      if (!lstatSync(folder).isSymbolicLink()) continue;
      rmSync(folder);
      mkdirSync(folder);
    }
  }
}
