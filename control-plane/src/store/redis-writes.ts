import type { Redis } from 'ioredis';
import type { Log } from '../model/log.ts';
import type { Pausable } from '../model/pausable.ts';
import { writeRefusal } from '../model/write-refusal.ts';
import { script } from './script.ts';

const probeWrites = script<{ probes: readonly string[] }, Record<string, never>, 1>(
  import.meta.url,
  'probe-writes.lua',
);
const PROBES = ['oversoak:writable', 'oversoak-bull:writable'];

/** Throws what Redis answers when one of the cluster's writes is refused. */
export async function probeWritesTo(redis: Redis): Promise<void> {
  await probeWrites(redis, { probes: PROBES }, {});
}

/** While all is well. */
const CHECK_MS = 5_000;
/** Pauses grow from the first to the last while writes are refused. */
const PAUSES_MS = { least: 500, most: 30_000 };
const LINE_EVERY_MS = 60_000;

interface Timing {
  checkMs: number;
  minPauseMs: number;
  lineEveryMs: number;
}

/**
 * Whether Redis accepts writes. A refusal, which any log line with its error reports here, pauses
 * what would only fail in a loop, until a write succeeds again.
 */
export class RedisWrites {
  readonly #redis: Redis;
  readonly #log: Log;
  readonly #timing: Timing;
  readonly #pausables: Pausable[] = [];
  #refusal: string | null = null;
  #pauseMs: number;
  #suppressed = 0;
  #lineAtMs = Number.NEGATIVE_INFINITY;
  #logged: string | null = null;
  #acceptedSinceMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(redis: Redis, log: Log, timing: Partial<Timing> = {}) {
    this.#redis = redis;
    this.#log = log;
    this.#timing = {
      checkMs: CHECK_MS,
      minPauseMs: PAUSES_MS.least,
      lineEveryMs: LINE_EVERY_MS,
      ...timing,
    };
    this.#pauseMs = this.#timing.minPauseMs;
  }

  /** Why writes are refused; null: they are accepted. */
  get refusal(): string | null {
    return this.#refusal;
  }

  acceptedForMs(): number {
    return this.#refusal === null ? performance.now() - this.#acceptedSinceMs : 0;
  }

  pauses(pausable: Pausable): void {
    this.#pausables.push(pausable);
  }

  /** The log, in which refused writes are one line a minute instead of one for each. */
  get log(): Log {
    const unlessRefused = (level: 'warn' | 'error') => (fields: object, message: string) => {
      const { err } = fields as { err?: unknown };
      if (!this.note(err)) this.#log[level](fields, message);
    };
    return {
      debug: (fields, message) => this.#log.debug(fields, message),
      info: (fields, message) => this.#log.info(fields, message),
      warn: unlessRefused('warn'),
      error: unlessRefused('error'),
    };
  }

  /** Whether this is the error of a refused write. */
  note(error: unknown): boolean {
    const refusal = writeRefusal(error);
    if (refusal === null || this.#closed) return refusal !== null;
    this.#suppressed += 1;
    const isNew = this.#refusal === null;
    this.#refusal = refusal;
    if (isNew) {
      for (const each of this.#pausables) each.pause();
      this.#checkIn(this.#pauseMs);
    }
    this.#logRefusal(refusal);
    return true;
  }

  start(): void {
    this.#checkIn(this.#timing.checkMs);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #logRefusal(refusal: string): void {
    const now = performance.now();
    const isRecent = now - this.#lineAtMs < this.#timing.lineEveryMs;
    if (isRecent && refusal === this.#logged) return;
    this.#logged = refusal;
    this.#lineAtMs = now;
    const refused = this.#suppressed;
    this.#suppressed = 0;
    this.#log.error({ refusedWrites: refused }, `${refusal}; waiting until it accepts them`);
  }

  #checkIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.#check(), ms);
    this.#timer.unref();
  }

  async #check(): Promise<void> {
    const { checkMs, lineEveryMs } = this.#timing;
    try {
      // A command to a Redis that cannot be reached would wait.
      if (this.#redis.status === 'ready') await probeWritesTo(this.#redis);
    } catch (error) {
      if (this.note(error)) {
        this.#pauseMs = Math.min(2 * this.#pauseMs, PAUSES_MS.most);
        this.#checkIn(this.#pauseMs);
      } else {
        this.#checkIn(checkMs);
      }
      return;
    }
    if (this.#refusal !== null && this.#redis.status === 'ready') this.#accepted();
    // Back to the shortest interval only after Redis has accepted writes for a while.
    if (this.acceptedForMs() > lineEveryMs) this.#pauseMs = this.#timing.minPauseMs;
    this.#checkIn(checkMs);
  }

  #accepted(): void {
    this.#refusal = null;
    this.#acceptedSinceMs = performance.now();
    this.#log.info({ refusedWrites: this.#suppressed }, 'Redis accepts writes again');
    this.#suppressed = 0;
    for (const each of this.#pausables) each.resume();
  }
}
