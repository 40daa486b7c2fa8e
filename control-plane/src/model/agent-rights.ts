// What the Redis user of an agent may do. docs/security.md has this as a table, which a test compares.
import {
  agentQueue,
  leaseKey,
  probeAnswersKey,
  probeRequestsKey,
  QUEUE_PREFIX,
  registrationKey,
  reportsKey,
  samplesKey,
  stoppedKey,
} from '@oversoak/contracts';

export interface AgentRight {
  /** A Redis pattern of keys. */
  keys(agentId: string): string;
  /** In lower case, by name. */
  commands: readonly string[];
  /** Completes "so that the agent can ...". */
  purpose: string;
  /** Scripts may declare these keys: its lease's own, and BullMQ's. */
  inScripts?: true;
}

/** Connection and transactions; none of these reads or writes a key. */
export const KEYLESS_COMMANDS: readonly string[] = [
  ...['auth', 'hello', 'ping', 'quit', 'client|setname'],
  // BullMQ and ioredis read the version, and whether Redis is loading.
  'info',
  'time',
  ...['multi', 'exec', 'discard'],
];

/** BullMQ is scripts. What a script does with a key needs the right to that command and key. */
export const SCRIPT_COMMANDS: readonly string[] = ['eval', 'evalsha'];

/** What the scripts of a BullMQ 6 worker call, and the wait for a job. */
const WORKER_COMMANDS: readonly string[] = [
  ...['bzpopmin', 'del', 'exists', 'get', 'hdel', 'hexists', 'hget', 'hgetall', 'hincrby', 'hmget'],
  ...['hmset', 'hset', 'incr', 'lindex', 'llen', 'lpop', 'lpush', 'lrange', 'lrem', 'ltrim'],
  ...['pexpire', 'pttl', 'rpoplpush', 'rpush', 'sadd', 'scard', 'set', 'smembers', 'srem', 'xadd'],
  ...['xtrim', 'zadd', 'zcard', 'zpopmin', 'zrange', 'zrangebyscore', 'zrem', 'zremrangebyrank'],
  ...['zremrangebyscore', 'zrevrange', 'zrevrangebyscore', 'zscore'],
];

export const AGENT_RIGHTS: readonly AgentRight[] = [
  {
    keys: leaseKey,
    commands: ['del', 'exists', 'get', 'pttl', 'set'],
    purpose: 'say that it lives',
    inScripts: true,
  },
  { keys: registrationKey, commands: ['set'], purpose: 'say what it can run', inScripts: true },
  { keys: stoppedKey, commands: ['set'], purpose: 'say that it ended in order', inScripts: true },
  {
    keys: (agentId) => `${QUEUE_PREFIX}:${agentQueue(agentId)}:*`,
    commands: WORKER_COMMANDS,
    purpose: 'take the jobs of its queue',
    inScripts: true,
  },
  { keys: reportsKey, commands: ['xadd'], purpose: 'append reports' },
  { keys: samplesKey, commands: ['xadd'], purpose: 'append samples' },
  {
    keys: probeRequestsKey,
    commands: ['hdel', 'hgetall', 'hset'],
    purpose: 'read the requested probes and drop them',
  },
  { keys: probeAnswersKey, commands: ['hset'], purpose: 'store the answers of probes' },
];

const allowed = (commands: readonly string[]) => commands.map((command) => `+${command}`);

/**
 * Pure: the rules of ACL SETUSER for an agent, from nothing. Each group of keys is a selector of its
 * own, so that what is append-only stays so. `passwordSha256`: in hexadecimal. `database`: the one that
 * it may select; in others it would have the same keys, and nobody would look for them there.
 */
export function aclRules(agentId: string, passwordSha256: string, database: number): string[] {
  const declared = AGENT_RIGHTS.filter(({ inScripts }) => inScripts);
  return [
    ...['reset', 'on', `#${passwordSha256}`],
    ...allowed([...KEYLESS_COMMANDS, ...SCRIPT_COMMANDS]),
    `+select|${database}`,
    ...declared.map(({ keys }) => `~${keys(agentId)}`),
    ...AGENT_RIGHTS.map(
      ({ keys, commands }) => `(~${keys(agentId)} ${allowed(commands).join(' ')})`,
    ),
  ];
}

const USER_PREFIX = 'oversoak-agent-';
const USER = new RegExp(`^${USER_PREFIX}([a-z][a-z0-9-]{0,62})\\.(\\d+)$`);

/** Pure: the user of an identity. A new identity has a new user, so an old one is never it. */
export function userOf({ agentId, generation }: { agentId: string; generation: number }): string {
  return `${USER_PREFIX}${agentId}.${generation}`;
}

/** Pure: whether a user of Redis is one of an agent. */
export function isAgentUser(user: string): boolean {
  return USER.test(user);
}
