/** Something that a user can mend: shown as its message, without a stack; exit code 2. */
export class CannotRun extends Error {
  override name = 'CannotRun';
}

/** The user asked to stop (Ctrl-C, SIGTERM, a closed terminal). */
export class Interrupted extends Error {
  override name = 'Interrupted';

  constructor(signal: string) {
    super(`stopped by ${signal}`);
  }
}

/** What a promise was given up for: the signal's own reason where it was aborted. */
export function reasonOf(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : error;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
