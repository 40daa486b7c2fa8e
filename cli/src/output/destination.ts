import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { PIPE_COLUMNS, PLAIN_COLORS, type Terminal } from '../shell/terminal.ts';

/** The name of a file that means the standard output. */
export const STDOUT = '-';

/** Refuses an unwritable path now rather than an hour later; creates and changes nothing. */
export async function checkWritable(file: string): Promise<void> {
  if (file === STDOUT) return;
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CannotRun(`cannot write "${file}": ${error.message}`);
  });
  if (found?.isDirectory()) throw new CannotRun(`cannot write "${file}": it is a folder`);
  await access(found === undefined ? dirname(file) : file, constants.W_OK).catch(
    (error: unknown) => {
      throw new CannotRun(`cannot write "${file}": ${messageOf(error)}`);
    },
  );
}

export async function writeText(file: string, text: string, { out }: Terminal): Promise<void> {
  if (file === STDOUT) {
    out.write(text);
    return;
  }
  await writeFile(file, text).catch((error: unknown) => {
    throw new CannotRun(`cannot write "${file}": ${messageOf(error)}`);
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
