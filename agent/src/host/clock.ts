import { setTimeout as sleep } from 'node:timers/promises';

export interface HostClock {
  /** Local wall clock, milliseconds. */
  wallMs(): number;
  /** Never jumps; milliseconds from an arbitrary origin. */
  monotonicMs(): number;
  /** @throws AbortError */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: HostClock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => sleep(ms, undefined, { signal }),
};

/** The clock of one run: seconds since its start. */
export class RunClock {
  readonly #clock: HostClock;
  readonly #startMonotonicMs: number;

  constructor(clock: HostClock, startAtLocalMs: number) {
    this.#clock = clock;
    this.#startMonotonicMs = clock.monotonicMs() + (startAtLocalMs - clock.wallMs());
  }

  /** Negative before the start. */
  sinceStartSeconds(): number {
    return (this.#clock.monotonicMs() - this.#startMonotonicMs) / 1000;
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  /** @throws AbortError */
  async until(sinceStartSeconds: number, signal: AbortSignal): Promise<void> {
    const leftMs = (sinceStartSeconds - this.sinceStartSeconds()) * 1000;
    signal.throwIfAborted();
    if (leftMs > 0) await this.#clock.sleep(leftMs, signal);
  }
}
