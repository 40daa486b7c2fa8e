// The secrets of compose.yaml, in the .env file beside it. They are generated once and then never
// changed here.
import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import type { SettingNameOf } from '@oversoak/contracts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { replaceFile } from '../shell/replace-file.ts';

export const SECRETS = [
  'OVERSOAK_REDIS_PASSWORD',
  'OVERSOAK_TOKEN',
  'OVERSOAK_GRAFANA_PASSWORD',
  'OVERSOAK_SEALING_KEYS',
] as const satisfies SettingNameOf<'stack'>[];
export type Secret = (typeof SECRETS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/** What OVERSOAK_TOKEN was called in this file once. */
const FORMER_TOKEN = /^OVERSOAK_API_TOKEN=/m;

export interface Completed {
  text: string;
  made: Secret[];
}

/**
 * The text of an .env file with every secret in it. One that stands there, or in the environment
 * (which Docker Compose prefers), stays as it is; `NAME=` without a value is filled in. A token by
 * its former name stays the token.
 */
export function completeSecrets(text: string, given: Environment, make: () => string): Completed {
  const isNamed = parseEnv(text).OVERSOAK_TOKEN !== undefined;
  let completed = isNamed ? text : text.replace(FORMER_TOKEN, 'OVERSOAK_TOKEN=');
  const there = { ...parseEnv(completed), ...given };
  const made = SECRETS.filter((name) => (there[name] ?? '') === '');
  const isCut = made.length > 0 && completed !== '' && !completed.endsWith('\n');
  if (isCut) completed += '\n';
  for (const name of made) {
    const line = `${name}=${make()}`;
    const empty = new RegExp(`^${name}=[ \\t'"]*$`, 'm');
    completed = empty.test(completed) ? completed.replace(empty, line) : `${completed}${line}\n`;
  }
  return { text: completed, made };
}

/** Letters and digits only, because the Redis password becomes part of a URL. */
export function randomSecret(): string {
  return randomBytes(24).toString('hex');
}

/**
 * Writes missing secrets to `file`, readable by its owner only; returns which ones were generated.
 */
export async function ensureSecrets(file: string, given: Environment): Promise<Secret[]> {
  try {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const completed = completeSecrets(text, given, randomSecret);
    if (completed.text !== text) await replaceFile(file, completed.text, 0o600);
    else if (text !== '') await chmod(file, 0o600);
    return completed.made;
  } catch (error) {
    throw new CannotRun(`cannot keep secrets in ${file}: ${messageOf(error)}`);
  }
}

/** Placeholder values for commands that parse compose.yaml but use no secret (`down`, `logs`). */
export function placeholders(given: Environment, text: string): Record<string, string> {
  const there = { ...parseEnv(text), ...given };
  const missing = SECRETS.filter((name) => (there[name] ?? '') === '');
  return Object.fromEntries(missing.map((name) => [name, 'not-set']));
}
