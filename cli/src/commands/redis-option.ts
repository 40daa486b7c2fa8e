import { Option } from 'commander';
import { CannotRun } from '../shell/failure.ts';

const PROTOCOLS = ['redis:', 'rediss:'];

/** For commands that start a private cluster. */
export function redisOption(description: string): Option {
  return new Option('--redis <url>', description).argParser(readUrl);
}

/** Unlike Commander's own error this does not repeat the text, which may contain a password. */
function readUrl(text: string): string {
  if (URL.canParse(text) && PROTOCOLS.includes(new URL(text).protocol)) return text;
  throw new CannotRun('--redis must be a redis:// or rediss:// URL, e.g. redis://127.0.0.1:6379');
}
