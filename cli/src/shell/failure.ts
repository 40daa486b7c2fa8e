import { getSystemErrorMessage } from 'node:util';

/** A problem that the user can fix: shown as its message, without a stack trace; exit code 2. */
export class CannotRun extends Error {
  override name = 'CannotRun';
}

/** The user requested a stop (Ctrl-C, SIGTERM, a closed terminal). */
export class Interrupted extends Error {
  override name = 'Interrupted';

  constructor(signal: string) {
    super(`stopped by ${signal}`);
  }
}

/** Why a promise was abandoned: the signal's reason if it was aborted, otherwise the error. */
export function reasonOf(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : error;
}

/** In the words of the system, where it has a number for them: names of DNS have none. */
export function systemReason(error: unknown): string {
  const { errno, code, message } = error as NodeJS.ErrnoException;
  if (typeof errno !== 'number') return message || String(code);
  return getSystemErrorMessage(errno) ?? message;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
