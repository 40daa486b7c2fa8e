// Builds the C++ addon and, on Linux, its unit tests. CMake decides what is out of date.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './paths.mjs';

const folder = join(root, 'native-server');

/** @param {string} preset of native-server/CMakePresets.json */
export async function buildNative(say, preset) {
  if (!isConfigured(preset)) {
    say(`configuring native-server (${preset})`);
    await run('cmake', ['--preset', preset, '--fresh'], { cwd: folder });
  }
  const output = await run('cmake', ['--build', '--preset', preset], { cwd: folder });
  if (/Linking|\.vcxproj -> /.test(output)) say(`built native-server (${preset})`);
}

// CMake detects changes of CMakeLists.txt, but not of the presets.
function isConfigured(preset) {
  const cache = join(folder, 'build', preset, 'CMakeCache.txt');
  if (!existsSync(cache)) return false;
  return statSync(cache).mtimeMs > statSync(join(folder, 'CMakePresets.json')).mtimeMs;
}
