import { writeSync } from 'node:fs';
import { loggedLine } from '@oversoak/contracts';

const STDERR = 2;
let dropped = 0;

/**
 * Writes one JSON line to stderr through the file descriptor: under Wine, `process.stderr` throws
 * on a pipe that was created outside Wine.
 */
export function log(level: 'info' | 'warn' | 'error', message: string, fields: object = {}): void {
  const lost = dropped === 0 ? {} : { droppedLines: dropped };
  const line = { time: new Date().toISOString(), level, message, ...fields, ...lost };
  try {
    writeSync(STDERR, `${loggedLine(JSON.stringify(line))}\n`);
    dropped = 0;
  } catch (error) {
    // A slow or closed reader must not stop a soak.
    if (!isWriteFailure(error)) throw error;
    dropped += 1;
  }
}

const WRITE_FAILURES = ['EAGAIN', 'EPIPE', 'EBADF', 'EOF', 'EIO', 'ENOSPC'];

function isWriteFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && WRITE_FAILURES.includes(error.code as string);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
