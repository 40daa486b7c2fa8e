import { Redis } from 'ioredis';
import { type Times, timesOf } from './times.ts';

/** Faster scripts are not in the slow log and count as this duration. */
const SEEN_FROM_MS = 0.05;

const POLL_MS = 1000;
const MAX_ENTRIES = 100_000;
/** The allocation log is the fourth of the four keys of the script that takes slots. */
const LOG_KEY = 'oversoak:allocations';
const KEYS = '4';

/** [id, time, microseconds, [command, ...arguments], ...] */
type SlowEntry = [number, number, number, string[], ...unknown[]];

/** Durations of the script that takes slots, from Redis' slow log. */
export class ScriptTimes {
  readonly #redis: Redis;
  readonly #timer: NodeJS.Timeout;
  readonly #ms: number[] = [];
  #collecting: Promise<void> = Promise.resolve();

  private constructor(redis: Redis) {
    this.#redis = redis;
    this.#timer = setInterval(() => {
      this.#collecting = this.#collecting.then(() => this.#collect());
      // `stop` has it; without one nobody asks.
      this.#collecting.catch(() => undefined);
    }, POLL_MS);
  }

  static async start(redisUrl: string): Promise<ScriptTimes> {
    const redis = new Redis(redisUrl);
    await redis.config('SET', 'slowlog-log-slower-than', String(SEEN_FROM_MS * 1000));
    await redis.config('SET', 'slowlog-max-len', String(MAX_ENTRIES));
    return new ScriptTimes(redis);
  }

  /** Durations in milliseconds of the logged calls. */
  async stop(): Promise<number[]> {
    clearInterval(this.#timer);
    await this.#collecting;
    await this.#collect();
    this.close();
    return this.#ms;
  }

  /** Ends without the last durations, also where Redis is gone; a second time does nothing. */
  close(): void {
    clearInterval(this.#timer);
    this.#redis.disconnect();
  }

  async #collect(): Promise<void> {
    const taken = this.#redis.multi().call('SLOWLOG', 'GET', String(MAX_ENTRIES));
    const [entries] = (await taken.call('SLOWLOG', 'RESET').exec()) ?? [];
    for (const [, , us, words] of (entries?.[1] ?? []) as SlowEntry[]) {
      if (words[2] === KEYS && words[6] === LOG_KEY) this.#ms.push(us / 1000);
    }
  }
}

/** Of all allocations, of which those are known that were slow enough to be logged. */
export function allocationTimes(slowMs: readonly number[], allocations: number): Times {
  const quick = Math.max(0, allocations - slowMs.length);
  return timesOf([...slowMs, ...Array.from({ length: quick }, () => SEEN_FROM_MS)]);
}
