import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';

/** A failure that the user can fix: shown as its message, without a stack trace. */
export class SetupError extends Error {}

/**
 * Runs a program to its end and returns its output, which is shown only when it fails.
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { input?: string }} [options] `input` is all
 *   of its standard input
 * @returns {Promise<string>} its standard output
 */
export async function run(program, args, { input, ...options } = {}) {
  const shown = [program, ...args].join(' ');
  const stdio = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
  const child = spawn(program, args, { cwd: root, stdio, ...options });
  const stdout = textOf(child.stdout);
  const stderr = textOf(child.stderr);
  // A program that ends without reading its input is judged by its exit code.
  child.stdin?.on('error', () => undefined).end(input);
  const end = await new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new SetupError(`could not run ${shown}: ${error.message}`));
    });
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  if (end !== 'exit code 0') throw new SetupError(`${stdout()}${stderr()}\n${shown}: ${end}`);
  return stdout();
}

/** What a stream has said so far; nothing of one that is not read. */
function textOf(stream) {
  let text = '';
  stream?.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  return () => text;
}

/** npm's own pauses between two attempts add up to more than a minute, in which it says nothing. */
const RETRIES = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];

/**
 * Runs the npm that started this script, or the one on the PATH.
 * @throws SetupError in one line, if npm cannot reach its registry
 */
export async function npm(args, options) {
  const script = process.env.npm_execpath;
  const [program, ...first] = script?.endsWith('.js')
    ? [process.execPath, script]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  try {
    return await run(program, [...first, ...args, ...RETRIES], options);
  } catch (error) {
    const unreachable = registryFailure(error.message);
    throw unreachable === undefined ? error : new SetupError(unreachable);
  }
}

const OF_NETWORK =
  /^npm (?:error|ERR!) code (EAI_AGAIN|ENOTFOUND|ECONN[A-Z]+|E[A-Z]*TIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)$/m;

/**
 * What to do about a failure of npm that is the network's; undefined: it is not.
 * @param {string} text what npm 9 or later has said
 */
export function registryFailure(text) {
  const code = text.match(OF_NETWORK)?.[1];
  if (code === undefined) return undefined;
  const registry = text.match(/request to (https?:\/\/[^/\s]+)/)?.[1] ?? 'npm';
  const needed = 'a network is needed, or a proxy or another registry in the settings of npm';
  return `the registry of packages at ${registry} cannot be reached (${code}): ${needed}`;
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
