// A private Wine prefix for each Windows program: a separate wineserver and registry, sharing
// nothing with the user's ~/.wine or with another run.
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { wineEnvironment } from './node.ts';

const run = promisify(execFile);

const stopDeadline_ms = 15_000;

/**
 * Copies the template to `dir`, which must be absent or empty.
 *
 * Files in drive_c are hard links if `dir` is on the template's file system, because Wine and the
 * programs only read them. The registry is copied: wineserver rewrites a file with several links in
 * place, which would change the template.
 */
export async function createPrefix(template: string, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  if ((await readdir(dir)).length > 0) throw new Error(`${dir} is not empty`);
  const sameFileSystem = (await stat(template)).dev === (await stat(dir)).dev;
  const rest = (await readdir(template)).filter((name) => name !== 'drive_c');
  await run('cp', [sameFileSystem ? '-al' : '-a', join(template, 'drive_c'), dir]);
  await run('cp', ['-a', ...rest.map((name) => join(template, name)), dir]);
}

/** Ends all Wine processes of this prefix, and only those, and removes the folder. */
export async function stopPrefix(dir: string): Promise<void> {
  const options = { env: wineEnvironment(dir), timeout: stopDeadline_ms };
  if (await exists(dir)) {
    await run('wineserver', ['-k'], options).catch(ignoreNothingToKill);
    await run('wineserver', ['-w'], options);
  }
  await rm(dir, { recursive: true, force: true });
}

// wineserver -k exits with code 1 and no message when the prefix has no server.
function ignoreNothingToKill(error: { code?: unknown }): void {
  if (error.code !== 1) throw error;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
