import { type BigIntStats, constants, fstatSync, type Stats } from 'node:fs';
import { access, lstat, readlink, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { CannotRun, messageOf, systemReason } from '../shell/failure.ts';
import { replaceable, replaceFile } from '../shell/replace-file.ts';
import { PIPE_COLUMNS, PLAIN_COLORS, type Terminal } from '../shell/terminal.ts';

/** The name of a file that means the standard output. */
export const STDOUT = '-';

/**
 * Refuses an unwritable path now rather than an hour later. Rights alone do not tell: a file system
 * may be read-only, or make its files itself, as that of /proc. An existing file is not changed.
 */
export async function checkWritable(file: string): Promise<void> {
  if (file === STDOUT) return;
  if (file === '')
    throw new CannotRun('cannot write "": name a file, or - for the standard output');
  const found = await foundAt(file);
  if (found?.isDirectory()) throw new CannotRun(`cannot write "${file}": it is a folder`);
  const tried = found === undefined ? replaceable(file) : access(file, constants.W_OK);
  await tried.catch((error: unknown) => {
    throw new CannotRun(`cannot write "${file}": ${systemReason(error)}`);
  });
}

/**
 * Equal for two spellings of one file; undefined for what keeps nothing, as a device. Where links
 * lead to nothing, the file that a write would make.
 */
export async function identityOf(file: string): Promise<string | undefined> {
  if (file === STDOUT) return STDOUT;
  const found = await foundAt(file);
  if (found?.isFile() || found?.isFIFO()) return `${found.dev}:${found.ino}`;
  if (found !== undefined) return undefined;
  const folder = await realpath(dirname(file)).catch((error: unknown) => {
    throw new CannotRun(`cannot write "${file}": ${systemReason(error)}`);
  });
  const path = join(folder, basename(file));
  const link = await lstat(path).catch(() => null);
  if (link?.isSymbolicLink()) return identityOf(resolve(folder, await readlink(path)));
  return process.platform === 'win32' ? path.toLowerCase() : path;
}

/**
 * Another name of the standard output, as /dev/stdout or the file that a shell opened for it. What
 * is no file, pipe or terminal keeps nothing: /dev/null may take the text and a result.
 */
export async function isStandardOutput(file: string): Promise<boolean> {
  const stdout = fstatSync(process.stdout.fd, { bigint: true });
  const keeps = isatty(process.stdout.fd) || !stdout.isCharacterDevice();
  if (file === STDOUT || stdout.ino === 0n || !keeps) return file === STDOUT;
  const found = await foundAt(file);
  return found?.dev === stdout.dev && found.ino === stdout.ino;
}

/** Undefined: nothing is there. */
function foundAt(file: string): Promise<BigIntStats | undefined> {
  return stat(file, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CannotRun(`cannot write "${file}": ${systemReason(error)}`);
  });
}

export async function writeText(file: string, text: string, { out }: Terminal): Promise<void> {
  if (file === STDOUT) {
    out.write(text);
    return;
  }
  await writeWhole(file, text).catch((error: unknown) => {
    throw new CannotRun(`cannot write "${file}": ${messageOf(error)}`);
  });
}

/** A link is one itself. Undefined: nothing is there. */
export function entryAt(file: string): Promise<Stats | undefined> {
  return lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

const OF_A_FULL_DISK = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/**
 * A full disk leaves no half of a file, and the earlier one as it was. What cannot be replaced (a
 * pipe, a device, a link, a file in a folder of somebody else) is written to.
 */
async function writeWhole(file: string, text: string): Promise<void> {
  const found = await entryAt(file);
  if (found?.isFile() === false) return writeFile(file, text);
  const mode = found === undefined ? 0o666 : found.mode & 0o777;
  await replaceFile(file, text, mode).catch((error: NodeJS.ErrnoException) => {
    if (OF_A_FULL_DISK.includes(error.code ?? '')) throw error;
    return writeFile(file, text);
  });
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** For people, while the standard output belongs to a program: everything on the standard error. */
export function beside(terminal: Terminal): Terminal {
  return {
    ...terminal,
    out: terminal.err,
    live: false,
    colors: PLAIN_COLORS,
    columns: () => PIPE_COLUMNS,
    ask: null,
  };
}
