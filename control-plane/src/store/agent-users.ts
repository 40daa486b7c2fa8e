import type { Redis } from 'ioredis';
import { aclRules, isAgentUser, userOf } from '../model/agent-rights.ts';
import type { Log } from '../model/log.ts';
import type { Enrolments, StoredEnrolment } from './enrolments.ts';

/** Selectors, which keep what is append-only so. */
const NEEDED_VERSION = 7;
/** A user that nobody can be. */
const TRIAL_USER = 'oversoak-trial';

/** This Redis cannot have the users of agents. */
export class NoAgentUsers extends Error {
  override readonly name = 'NoAgentUsers';
}

/** A user without the right, or a service that has no such command. */
const NOT_PERMITTED = /NOPERM|unknown command/i;

/** Throws NoAgentUsers, without the code NOPERM, which elsewhere means that Redis refuses writes. */
async function permitted<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof Error) || !NOT_PERMITTED.test(error.message)) throw error;
    const why = 'the user of the control plane may not manage users of this Redis (ACL)';
    throw new NoAgentUsers(why, { cause: error });
  }
}

/**
 * The agents' users in Redis, made from what is enrolled. Redis forgets them when it restarts, so
 * each control plane compares them again and again; that two do so at once does no harm.
 */
export class AgentUsers {
  readonly #redis: Redis;
  readonly #enrolments: Pick<Enrolments, 'all' | 'areKnown' | 'list'>;
  readonly #log: Log;
  /** Users whose rules were written by this process: an update may have changed the rules. */
  readonly #written = new Set<string>();

  constructor(redis: Redis, enrolments: Pick<Enrolments, 'all' | 'areKnown' | 'list'>, log: Log) {
    this.#redis = redis;
    this.#enrolments = enrolments;
    this.#log = log;
  }

  /** Throws NoAgentUsers. */
  async requirePossible(): Promise<void> {
    const version = /redis_version:(\S+)/.exec(await this.#redis.info('server'))?.[1] ?? 'unknown';
    if (Number(version.split('.')[0]) < NEEDED_VERSION) {
      throw new NoAgentUsers(
        `enrolled agents need Redis ${NEEDED_VERSION} or newer; this one is ${version}`,
      );
    }
    await permitted(this.#redis.acl('SETUSER', TRIAL_USER, 'off'));
    await permitted(this.#redis.acl('DELUSER', TRIAL_USER));
  }

  async write(enrolment: StoredEnrolment): Promise<void> {
    const user = userOf(enrolment);
    // Agents find the control plane's keys where it has them.
    const rules = aclRules(enrolment.agentId, enrolment.sha256, this.#redis.options.db ?? 0);
    await this.#redis.acl('SETUSER', user, ...rules);
    this.#written.add(user);
  }

  /** Deletes the user of the identity before; a pass deletes any older one that was left. */
  async endBefore({ agentId, generation }: StoredEnrolment): Promise<void> {
    await this.#delete([userOf({ agentId, generation: generation - 1 })]);
  }

  /**
   * Writes the users that are missing, and deletes those of identities that are none any more.
   * Throws NoAgentUsers.
   */
  async pass(): Promise<void> {
    // A Redis without enrolled agents need not allow ACL.
    if (!(await this.#enrolments.areKnown())) return;
    // In this order: who joins in between is enrolled before there is the user.
    const users = (await permitted(this.#redis.acl('USERS'))) as string[];
    const present = new Set(users.filter(isAgentUser));
    const enrolments = await this.#enrolments.all();
    const wanted = new Set(enrolments.map(userOf));
    const gone = [...present].filter((user) => !wanted.has(user));
    if (gone.length > 0) await this.#delete(gone);
    for (const enrolment of enrolments) {
      const user = userOf(enrolment);
      if (!present.has(user) || !this.#written.has(user)) await this.write(enrolment);
    }
    for (const user of this.#written) if (!wanted.has(user)) this.#written.delete(user);
    await this.#enrolments.list(enrolments);
  }

  /** Redis closes the connections of a deleted user. */
  async #delete(users: readonly string[]): Promise<void> {
    if ((await this.#redis.acl('DELUSER', ...users)) === 0) return;
    for (const user of users) this.#log.info({ user }, 'deleted the Redis user of an agent');
  }
}
