import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AGENTS_KEY,
  leaseKey,
  type Registration,
  registrationKey,
  stoppedKey,
} from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { log, messageOf } from '../log/log.ts';

// Compiled code is in dist/src; the Lua files stay in src.
const here = import.meta.url.replace('/dist/src/', '/src/');
const lua = (name: string) => readFileSync(new URL(`${name}.lua`, here), 'utf8');
const HOLD = lua('hold-lease');
const RELEASE = lua('release-lease');

export class AgentIdInUse extends Error {
  override name = 'AgentIdInUse';

  constructor(agentId: string, holder: string) {
    super(
      `another agent runs with the id "${agentId}" (incarnation ${holder} renews its lease); ` +
        'give each agent an OVERSOAK_AGENT_ID of its own',
    );
  }
}

/**
 * Renewals per lease length. The connection is given up when Redis is silent for one renewal
 * interval (`redis.ts`); the rest of the lease is enough to connect again.
 */
export const RENEWALS = 4;

type Held = { held: true } | { held: false; holder: string; remainingMs: number };

export class Lease {
  readonly #redis: Redis;
  readonly #registration: Registration;
  readonly #leaseMs: number;
  readonly #isEnrolled: boolean;
  readonly #onLost: (error: AgentIdInUse) => void;
  #timer: NodeJS.Timeout | undefined;
  #mine = false;

  /**
   * `onLost`: called when another agent took the id while this one could not renew; this agent must
   * stop.
   */
  constructor(
    redis: Redis,
    registration: Registration,
    { leaseMs, isEnrolled }: { leaseMs: number; isEnrolled: boolean },
    onLost: (error: AgentIdInUse) => void,
  ) {
    this.#redis = redis;
    this.#registration = registration;
    this.#onLost = onLost;
    this.#leaseMs = leaseMs;
    this.#isEnrolled = isEnrolled;
  }

  /**
   * Registers the agent. Waits for the lease of a dead agent to expire; a lease that is renewed
   * meanwhile belongs to a living agent.
   * @throws AgentIdInUse
   */
  async acquire(): Promise<void> {
    let minRemainingMs = Number.POSITIVE_INFINITY;
    for (;;) {
      const answer = await this.#hold();
      if (answer.held) break;
      if (answer.remainingMs > minRemainingMs) {
        throw new AgentIdInUse(this.#registration.agentId, answer.holder);
      }
      if (minRemainingMs === Number.POSITIVE_INFINITY) {
        log('warn', 'the id is leased; waiting to see whether its holder renews it', { ...answer });
      }
      minRemainingMs = answer.remainingMs;
      await sleep(this.#renewalMs / 10);
    }
    this.#mine = true;
    this.#timer = setInterval(() => void this.renew(), this.#renewalMs);
  }

  /** Stops renewing, and releases the lease if it is still ours. */
  async release(): Promise<void> {
    this.#mine = false;
    clearInterval(this.#timer);
    const { agentId, incarnation } = this.#registration;
    const keys = [leaseKey(agentId), stoppedKey(agentId)];
    await this.#redis.eval(RELEASE, keys.length, ...keys, incarnation);
  }

  get #renewalMs(): number {
    return this.#leaseMs / RENEWALS;
  }

  /** Also called when Redis is back: control planes will not wait long for a sign of life. */
  async renew(): Promise<void> {
    if (!this.#mine) return;
    try {
      const answer = await this.#hold();
      if (answer.held || !this.#mine) return;
      this.#mine = false;
      clearInterval(this.#timer);
      this.#onLost(new AgentIdInUse(this.#registration.agentId, answer.holder));
    } catch (error) {
      // The next renewal tries again; running hosts continue meanwhile.
      log('warn', 'the lease was not renewed', { reason: messageOf(error) });
    }
  }

  async #hold(): Promise<Held> {
    const { agentId, incarnation } = this.#registration;
    // The control plane lists enrolled agents itself: theirs is no key of others.
    const list = this.#isEnrolled ? [] : [AGENTS_KEY];
    const keys = [leaseKey(agentId), registrationKey(agentId), ...list];
    const [held, holder = '', remainingMs = 0] = (await this.#redis.eval(
      HOLD,
      keys.length,
      ...keys,
      incarnation,
      this.#leaseMs,
      JSON.stringify(this.#registration),
      agentId,
    )) as [number, string?, number?];
    return held === 1 ? { held: true } : { held: false, holder, remainingMs };
  }
}
