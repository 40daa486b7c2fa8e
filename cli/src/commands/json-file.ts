import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CannotRun, messageOf } from '../shell/failure.ts';

/** Refuses an unwritable path now rather than an hour later; creates and changes nothing. */
export async function checkWritable(file: string): Promise<void> {
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

export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`).catch((error: unknown) => {
    throw new CannotRun(`cannot write "${file}": ${messageOf(error)}`);
  });
}
