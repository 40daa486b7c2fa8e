import { BOUNDS } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { isAgentUser } from '../model/agent-rights.ts';
import type { Log } from '../model/log.ts';
import type { Audit } from './audit.ts';
import { defaultUser } from './default-user.ts';

/** The part of Redis' connections from which on it matters who has them. */
const CROWDED = 0.5;
const NOT_PERMITTED = /NOPERM|unknown command/i;

/** Of a connection that has not said whose it is. */
const NOBODY = 'default';

/**
 * Pure: the users with more connections than an agent may have, and how many, of CLIENT LIST: agents,
 * and where `default` is off those who have not said who they are, which an agent need not do.
 */
export function crowding(
  clients: string,
  isDefaultOff: boolean,
): [user: string, connections: number][] {
  // A space before it, which the name that a client gives itself cannot have.
  const users = [...clients.matchAll(/ user=(\S+)/g)].map(([, user = '']) => user);
  const counts = new Map<string, number>();
  for (const user of users) counts.set(user, (counts.get(user) ?? 0) + 1);
  return [...counts].filter(
    ([user, count]) =>
      count > BOUNDS.connections.perAgent &&
      (isAgentUser(user) || (isDefaultOff && user === NOBODY)),
  );
}

/**
 * Redis has one bound for the connections of all: an agent that took them would keep out the control
 * plane, and everybody else. Closes those of an agent that has too many, once they are half of all.
 */
export class AgentConnections {
  readonly #redis: Redis;
  readonly #audit: Pick<Audit, 'noteRefused'>;
  readonly #log: Log;
  #isPermitted = true;

  constructor(redis: Redis, audit: Pick<Audit, 'noteRefused'>, log: Log) {
    this.#redis = redis;
    this.#audit = audit;
    this.#log = log;
  }

  async look(): Promise<void> {
    if (!this.#isPermitted) return;
    try {
      if (await this.#isCrowded()) await this.#close();
    } catch (error) {
      if (!(error instanceof Error) || !NOT_PERMITTED.test(error.message)) throw error;
      this.#isPermitted = false;
      // Without the error: its code would say that Redis refuses writes.
      this.#log.warn({}, 'may not look at connections of Redis (client|list, client|kill)');
    }
  }

  async #isCrowded(): Promise<boolean> {
    const info = await this.#redis.info('clients');
    const figure = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
    return figure('connected_clients') > CROWDED * figure('maxclients');
  }

  async #close(): Promise<void> {
    const clients = String(await this.#redis.client('LIST'));
    const isDefaultOff = (await defaultUser(this.#redis))?.isOff ?? false;
    for (const [user, connections] of crowding(clients, isDefaultOff)) {
      await this.#redis.client('KILL', 'USER', user);
      this.#log.warn({ user, connections }, 'closed connections to Redis: too many of one user');
      const outcome = `closed: ${connections} connections`;
      await this.#audit.noteRefused({
        ...{ who: user, from: null, action: 'connect to Redis', subject: null, outcome },
      });
    }
  }
}
