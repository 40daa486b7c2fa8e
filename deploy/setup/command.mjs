import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';

/** A failure that the user can fix: shown as its message, without a stack trace. */
export class SetupError extends Error {}

/**
 * Runs a program to its end and returns its output, which is shown only when it fails.
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
export function run(program, args, options = {}) {
  const shown = [program, ...args].join(' ');
  const result = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (result.error) throw new SetupError(`could not run ${shown}: ${result.error.message}`);
  if (result.status !== 0) {
    const end = result.signal ?? `exit code ${result.status}`;
    throw new SetupError(`${result.stdout ?? ''}${result.stderr ?? ''}\n${shown}: ${end}`);
  }
  return String(result.stdout);
}

/** Runs the npm that started this script, or the one on the PATH. */
export function npm(args, options) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args], options);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

/**
 * @param {string} program
 * @returns {string | undefined} its path
 */
export function programOnPath(program) {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param {string} program */
export function onPath(program) {
  return programOnPath(program) !== undefined;
}
