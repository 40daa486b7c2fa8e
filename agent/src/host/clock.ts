import { setTimeout as sleep } from 'node:timers/promises';

export interface HostClock {
  /** See `machineMs`. */
  monotonicMs(): number;
  /** @throws AbortError */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Milliseconds since an arbitrary origin that all processes of the machine share. Unlike the wall
 * clock it never jumps, so all times of a run are kept on it.
 */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export const systemClock: HostClock = {
  monotonicMs: machineMs,
  sleep: async (ms, signal) => sleep(ms, undefined, { signal }),
};

/** The clock of one run: seconds since its start. */
export class RunClock {
  readonly #clock: HostClock;
  readonly #startAtMachineMs: number;

  constructor(clock: HostClock, startAtMachineMs: number) {
    this.#clock = clock;
    this.#startAtMachineMs = startAtMachineMs;
  }

  /** Negative before the start. */
  sinceStartSeconds(): number {
    return (this.#clock.monotonicMs() - this.#startAtMachineMs) / 1000;
  }

  /** Seconds since the start at a moment of `machineMs`. */
  secondsAt(machineMs: number): number {
    return (machineMs - this.#startAtMachineMs) / 1000;
  }

  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  /** @throws AbortError */
  async until(sinceStartSeconds: number, signal: AbortSignal): Promise<void> {
    const leftMs = (sinceStartSeconds - this.sinceStartSeconds()) * 1000;
    signal.throwIfAborted();
    if (leftMs > 0) await this.#clock.sleep(leftMs, signal);
  }
}
