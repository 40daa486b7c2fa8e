// What the installed package needs to run Windows programs on Linux, once per user, in the folder
// that paths.mjs names: the Windows Node and a Wine prefix. `oversoak demo` and `start` run this.
import { SetupError } from './command.mjs';
import { lockSetup } from './lock.mjs';
import { fetchWindowsNode } from './node-windows.mjs';
import { makeWinePrefix } from './wine-prefix.mjs';

const say = (text) => console.log(`set-up: ${text}`);

try {
  lockSetup(say);
  await fetchWindowsNode(say);
  await makeWinePrefix(say);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message.trim());
  process.exitCode = 1;
}
