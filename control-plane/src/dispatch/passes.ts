import { setTimeout as delay } from 'node:timers/promises';

/**
 * Of the time, a fifth at most is passes. With thousands of agents and runs, one takes tens of
 * milliseconds, as long again in Redis, and another is requested during each: with as much time between
 * them as one takes, they had half of what reports need.
 */
const PAUSES_TO_A_PASS = 4;

/** Time, so that a test needs none. */
export interface Clock {
  nowMs(): number;
  pause(ms: number): Promise<unknown>;
}

const REAL: Clock = { nowMs: () => performance.now(), pause: (ms) => delay(ms) };

/** Runs passes on request, one at a time. */
export class Passes {
  readonly #pass: () => Promise<void>;
  readonly #clock: Clock;
  #passing = false;
  #again = false;

  constructor(pass: () => Promise<void>, clock = REAL) {
    this.#pass = pass;
    this.#clock = clock;
  }

  /**
   * A pass requested during another one follows it, and the caller does not wait for it, because the
   * BullMQ jobs that request passes must stay short.
   */
  async request(): Promise<void> {
    this.#again = true;
    if (this.#passing) return;
    this.#passing = true;
    try {
      while (this.#again) {
        this.#again = false;
        const beganMs = this.#clock.nowMs();
        await this.#pass();
        if (!this.#again) return;
        await this.#clock.pause(PAUSES_TO_A_PASS * (this.#clock.nowMs() - beganMs));
      }
    } finally {
      this.#passing = false;
    }
  }
}
