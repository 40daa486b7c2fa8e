import type { Redis } from 'ioredis';
import type { Log } from '../model/log.ts';

const LINE_EVERY_MS = 60_000;
const BUSY = /^BUSY\b/;
/** A script that has written is not ended, since half of its writes would stay. */
const UNKILLABLE = /^UNKILLABLE\b/;

const says = (error: unknown, code: RegExp) => error instanceof Error && code.test(error.message);

/**
 * Ends scripts that run longer than Redis' busy-reply-threshold (5 s). None of oversoak's own does;
 * agents need the right to run scripts, and theirs would block Redis for everybody.
 */
export class ScriptWatchdog {
  readonly #redis: Pick<Redis, 'ping' | 'script'>;
  readonly #log: Log;
  #lineAtMs = Number.NEGATIVE_INFINITY;

  constructor(redis: Pick<Redis, 'ping' | 'script'>, log: Log) {
    this.#redis = redis;
    this.#log = log;
  }

  async look(): Promise<void> {
    try {
      await this.#redis.ping();
    } catch (error) {
      if (!says(error, BUSY)) throw error;
      await this.#kill();
    }
  }

  async #kill(): Promise<void> {
    try {
      await this.#redis.script('KILL');
      this.#log.warn({}, 'ended a script that blocked Redis');
    } catch (error) {
      // It may have ended by itself in the meantime.
      if (says(error, /^NOTBUSY\b/)) return;
      if (!says(error, UNKILLABLE)) throw error;
      const now = performance.now();
      if (now - this.#lineAtMs < LINE_EVERY_MS) return;
      this.#lineAtMs = now;
      this.#log.error({ err: error }, 'a script that has written blocks Redis: restart Redis');
    }
  }
}
