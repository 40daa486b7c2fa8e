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

// Compiled code stands in dist/src, the Lua files stay in src.
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
 * A lease is renewed this many times in its length. A Redis that is silent for as long as a renewal
 * takes is given up (`redis.ts`), and what is left of the lease is enough to reach it anew.
 */
export const RENEWALS = 4;

type Held = { held: true } | { held: false; holder: string; remainingMs: number };

export class Lease {
  readonly #redis: Redis;
  readonly #registration: Registration;
  readonly #leaseMs: number;
  readonly #onLost: (error: AgentIdInUse) => void;
  #timer: NodeJS.Timeout | undefined;
  #mine = false;

  /** `onLost`: another agent took the id while this one could not renew; it must stop. */
  constructor(
    redis: Redis,
    registration: Registration,
    leaseMs: number,
    onLost: (error: AgentIdInUse) => void,
  ) {
    this.#redis = redis;
    this.#registration = registration;
    this.#onLost = onLost;
    this.#leaseMs = leaseMs;
  }

  /**
   * Registers. The lease of an agent that died is waited out; one that is renewed meanwhile
   * belongs to a living agent.
   * @throws AgentIdInUse
   */
  async acquire(): Promise<void> {
    let leastRemainingMs = Number.POSITIVE_INFINITY;
    for (;;) {
      const answer = await this.#hold();
      if (answer.held) break;
      if (answer.remainingMs > leastRemainingMs) {
        throw new AgentIdInUse(this.#registration.agentId, answer.holder);
      }
      if (leastRemainingMs === Number.POSITIVE_INFINITY) {
        log('warn', 'the id is leased; waiting to see whether its holder lives', { ...answer });
      }
      leastRemainingMs = answer.remainingMs;
      await sleep(this.#renewalMs / 10);
    }
    this.#mine = true;
    this.#timer = setInterval(() => void this.renew(), this.#renewalMs);
  }

  /** Stops renewing and gives the lease back, if it is still ours. */
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

  /** Also called when Redis is back: the control planes will not wait long for a sign of life. */
  async renew(): Promise<void> {
    if (!this.#mine) return;
    try {
      const answer = await this.#hold();
      if (answer.held || !this.#mine) return;
      this.#mine = false;
      clearInterval(this.#timer);
      this.#onLost(new AgentIdInUse(this.#registration.agentId, answer.holder));
    } catch (error) {
      // Tried again with the next renewal; hosts that run go on meanwhile.
      log('warn', 'the lease was not renewed', { reason: messageOf(error) });
    }
  }

  async #hold(): Promise<Held> {
    const { agentId, incarnation } = this.#registration;
    const [held, holder = '', remainingMs = 0] = (await this.#redis.eval(
      HOLD,
      3,
      leaseKey(agentId),
      registrationKey(agentId),
      AGENTS_KEY,
      incarnation,
      this.#leaseMs,
      JSON.stringify(this.#registration),
      agentId,
    )) as [number, string?, number?];
    return held === 1 ? { held: true } : { held: false, holder, remainingMs };
  }
}
