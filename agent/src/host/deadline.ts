/** Timers of Node.js hold 31 bits of milliseconds, which is less than the longest run. */
const LONGEST_TIMER_MS = 2_000_000_000;

/** One timer at a time, of any length. */
export class Deadline {
  #timer: NodeJS.Timeout | undefined;

  arm(afterMs: number, action: () => void): void {
    this.cancel();
    const nowMs = Math.min(Math.max(0, afterMs), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => {
      if (nowMs < afterMs) this.arm(afterMs - nowMs, action);
      else action();
    }, nowMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
