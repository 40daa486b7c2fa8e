import { SettingsError } from '@oversoak/contracts';
import { CannotRun, Interrupted } from './failure.ts';

/** What a user can mend, or wanted. */
const EXPECTED = [CannotRun, Interrupted, SettingsError];

/** A file or a port that cannot be had, for example in a checkout of another user. */
const OF_SYSTEM = [
  ...['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST'],
  ...['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EADDRINUSE', 'EADDRNOTAVAIL'],
];

/** The last words of a command that failed. Only a defect of oversoak is called one. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return defect(String(error));
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (EXPECTED.some((kind) => error instanceof kind) || OF_SYSTEM.includes(code)) {
    return `oversoak: ${error.message}`;
  }
  return defect(error.stack ?? error.message);
}

function defect(text: string): string {
  return `oversoak: this is a defect of oversoak itself:\n${text}`;
}
