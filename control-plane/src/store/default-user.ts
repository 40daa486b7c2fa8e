import type { Redis } from 'ioredis';

/** What Redis says of the rights of a user; Redis 6.2 gives the patterns of keys as a list. */
export interface UserRights {
  commands: string;
  keys: string | readonly string[];
}

/** Categories without a command that changes what oversoak stores. */
const HARMLESS = ['@admin', '@dangerous', '@connection', '@pubsub', '@scripting'];
const ALL_KEYS = ['~*', 'allkeys', '*'];
const ALL_COMMANDS = ['+@all', 'allcommands'];

/** Pure: whether the user may do whatever an append-only file of oversoak has in its transactions. */
function mayReplay({ commands, keys }: UserRights): boolean {
  const patterns = typeof keys === 'string' ? keys.split(' ') : keys;
  const [first = '', ...more] = commands.split(' ');
  return (
    patterns.some((pattern) => ALL_KEYS.includes(pattern)) &&
    ALL_COMMANDS.includes(first) &&
    more.every((rule) => rule.startsWith('+') || HARMLESS.includes(rule.slice(1)))
  );
}

/**
 * Pure: why a Redis with an append-only file would lose data when it restarts; null: it would not.
 * Redis reads that file as its user `default`, also where nobody can be it, and drops each
 * transaction in it that this user may not run. What a script writes in several steps is one.
 */
export function replayProblem(user: UserRights): string | null {
  if (mayReplay(user)) return null;
  return (
    'Redis would lose data at its next restart: it reads its append-only file as the user ' +
    '"default", whose rights do not suffice. Give them back, which lets nobody in where it is ' +
    'off: "ACL SETUSER default ~* &* +@all" now, and "user default off ~* &* +@all" where its ' +
    'users are configured'
  );
}

/** A user without the right to ask, or a service that has no such command. */
const NOT_TOLD = /NOPERM|unknown command/i;

/** null: Redis does not tell this user. `isOff`: nobody can be it. */
export async function defaultUser(redis: Redis): Promise<(UserRights & { isOff: boolean }) | null> {
  try {
    const rules = (await redis.acl('GETUSER', 'default')) as unknown[];
    const of = (name: string) => rules[rules.indexOf(name) + 1];
    return {
      commands: of('commands') as string,
      keys: of('keys') as UserRights['keys'],
      isOff: (of('flags') as string[]).includes('off'),
    };
  } catch (error) {
    if (error instanceof Error && NOT_TOLD.test(error.message)) return null;
    throw error;
  }
}
