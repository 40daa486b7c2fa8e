import type { Redis } from 'ioredis';
import { REGRESSIONS_KEY } from './names.ts';

/** How many figures of a schedule are worse than their base. */
export interface RegressionCount {
  /** Version of the trend that it was computed from. */
  version: string;
  /** The count; null: the trend could not be computed. */
  figures: number | null;
}

/** A cache of each schedule's count, so that each version of a trend is computed once. */
export class RegressionCounts {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** By schedule. */
  async all(): Promise<Map<string, RegressionCount>> {
    const stored = await this.#redis.hgetall(REGRESSIONS_KEY);
    return new Map(
      Object.entries(stored).map(([name, text]) => [name, JSON.parse(text) as RegressionCount]),
    );
  }

  async put(schedule: string, regressions: RegressionCount): Promise<void> {
    await this.#redis.hset(REGRESSIONS_KEY, schedule, JSON.stringify(regressions));
  }

  async delete(schedule: string): Promise<void> {
    await this.#redis.hdel(REGRESSIONS_KEY, schedule);
  }
}
