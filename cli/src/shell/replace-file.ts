import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a file in one step: another process sees the old text or the new one, never a part. It has
 * its mode from the first moment. A file of its own because secrets and certificates share it.
 */
export async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const next = besides(file);
  try {
    await writeFile(next, text, { mode, flag: 'wx' });
    await rename(next, file);
  } finally {
    await rm(next, { force: true });
  }
}

/** Rejects if no file can be made beside this one. Leaves nothing behind. */
export async function replaceable(file: string): Promise<void> {
  const next = besides(file);
  try {
    await writeFile(next, '', { flag: 'wx' });
  } finally {
    await rm(next, { force: true });
  }
}

const besides = (file: string) => `${file}.${process.pid}`;
