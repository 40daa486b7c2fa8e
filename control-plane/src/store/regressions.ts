import type { Redis } from 'ioredis';
import { REGRESSIONS_KEY } from './names.ts';

/** How a schedule stood by its trend. */
export interface RegressionCount {
  /** Of the trend that says so. */
  version: string;
  /** That are worse than their base; null: it could not be worked out. */
  figures: number | null;
}

/** What the trend of each schedule said, so that it is worked out once for each version of it. */
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
