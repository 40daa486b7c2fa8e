import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CannotRun, messageOf } from '../shell/failure.ts';

/** A process of the cluster ended, or was not ready in time. The message has its last lines. */
export class ChildFailed extends CannotRun {
  readonly logFile: string;

  constructor(message: string, logFile: string) {
    super(message);
    this.logFile = logFile;
  }
}

/** The failure with the place of its log, for as long as the cluster's folder is there. */
export function withLog(error: Error): string {
  return error instanceof ChildFailed
    ? `${error.message}\nIts log: ${error.logFile}`
    : error.message;
}

/** The failure of a cluster whose folder is about to be deleted: its log stays, and is named. */
export async function withKeptLog(error: unknown): Promise<unknown> {
  if (!(error instanceof ChildFailed)) return error;
  const { message, logFile } = error;
  try {
    const log = await readFile(logFile);
    if (log.length === 0) return error;
    const kept = join(await mkdtemp(join(tmpdir(), 'oversoak-log-')), basename(logFile));
    await writeFile(kept, log, { mode: 0o600 });
    return new CannotRun(`${message}\nIts log is kept: ${kept}`);
  } catch (failure) {
    return new CannotRun(`${message}\nIts log could not be kept: ${messageOf(failure)}`);
  }
}
