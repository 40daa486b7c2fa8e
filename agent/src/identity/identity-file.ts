// Where a machine that has joined a cluster keeps who it is there.
import { readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { AgentIdentity, schemaProblems } from '@oversoak/contracts';

/** Rights of others. Windows has no such bits: there the rights of the folder protect the file. */
const OF_OTHERS = 0o077;

/** Why a file is no identity; its message names the file. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
}

/** @throws IdentityError */
export function readIdentity(file: string): AgentIdentity {
  const refuse = (reason: string) => new IdentityError(`the identity ${file} ${reason}`);
  let text: string;
  let mode: number;
  try {
    text = readFileSync(file, 'utf8');
    ({ mode } = statSync(file));
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException;
    throw refuse(`cannot be read: ${(errno && getSystemErrorMessage(errno)) || message}`);
  }
  if (process.platform !== 'win32' && (mode & OF_OTHERS) !== 0) {
    const rights = (mode & 0o777).toString(8);
    throw refuse(`can be read by others (mode ${rights}): chmod 600 it`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message has a part of the text, which has a password.
    throw refuse('is not JSON');
  }
  const [problem] = schemaProblems(AgentIdentity, value);
  if (problem === undefined) return value as AgentIdentity;
  throw refuse(`is not one: ${problem.pointer || '/'} ${problem.detail}`);
}

/** Readable by its owner alone from the first moment, and whole or not there. */
export async function writeIdentity(file: string, identity: AgentIdentity): Promise<void> {
  const next = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    await writeFile(next, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(next, file);
  } finally {
    await rm(next, { force: true });
  }
}

/** What the agent connects to Redis with. */
export function redisUrlOf({ redis: { url, user, password } }: AgentIdentity): string {
  const whole = new URL(url);
  whole.username = user;
  whole.password = password;
  return whole.href;
}
