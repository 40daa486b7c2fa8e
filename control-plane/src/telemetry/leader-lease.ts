import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { METRICS_LEADER_KEY, METRICS_SINCE_KEY } from '../store/names.ts';

/** A lease in Redis that elects the control plane that exports the cluster's figures. */
export class LeaderLease {
  readonly #redis: Redis;
  readonly #leaseMs: number;
  readonly #id = randomUUID();

  constructor(redis: Redis, leaseMs: number) {
    this.#redis = redis;
    this.#leaseMs = leaseMs;
  }

  /** Takes or renews the lease; false: another control plane holds it. */
  async hold(): Promise<boolean> {
    if (await this.#redis.set(METRICS_LEADER_KEY, this.#id, 'PX', this.#leaseMs, 'NX')) return true;
    if ((await this.#redis.get(METRICS_LEADER_KEY)) !== this.#id) return false;
    // If it lapses and is taken just now, two export the same figures until the next renewal.
    await this.#redis.pexpire(METRICS_LEADER_KEY, this.#leaseMs);
    return true;
  }

  async release(): Promise<void> {
    if ((await this.#redis.get(METRICS_LEADER_KEY)) === this.#id)
      await this.#redis.del(METRICS_LEADER_KEY);
  }

  /** Start of the cumulative sums: stored by the first caller, then the same for all. */
  async sinceMs(nowMs: number): Promise<number> {
    await this.#redis.set(METRICS_SINCE_KEY, Math.floor(nowMs), 'NX');
    return Number(await this.#redis.get(METRICS_SINCE_KEY));
  }
}
