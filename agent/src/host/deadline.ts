/** Node.js timers hold 31 bits of milliseconds, which is shorter than the longest run. */
const LONGEST_TIMER_MS = 2_000_000_000;

/** A single timer of any length; setting it replaces the previous one. */
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
