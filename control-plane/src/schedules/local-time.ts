import { IANAZone } from 'luxon';

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;

/**
 * What a clock in a time zone shows, as if it were UTC. `wallMs` below is such a reading, in
 * milliseconds.
 */
export class LocalTime {
  readonly #zone: IANAZone;

  constructor(timeZone: string) {
    this.#zone = IANAZone.create(timeZone);
  }

  /** What the clock shows at a moment. */
  wallMs(atMs: number): number {
    return atMs + this.#offsetMs(atMs);
  }

  /** Whether the clocks are changed within a day of this moment. */
  changesNear(atMs: number): boolean {
    const offsets = [atMs - MS_PER_DAY, atMs, atMs + MS_PER_DAY].map((ms) => this.#offsetMs(ms));
    return new Set(offsets).size > 1;
  }

  /**
   * The moments at which the clock shows this, the first one first: two when the clocks go back
   * over it. When they skip it, one: the moment that is as much later as the clocks skip.
   */
  momentsOf(wallMs: number): [number, ...number[]] {
    const before = this.#offsetMs(wallMs - MS_PER_DAY);
    const after = this.#offsetMs(wallMs + MS_PER_DAY);
    const shown = [...new Set([before, after])]
      .filter((offsetMs) => this.#offsetMs(wallMs - offsetMs) === offsetMs)
      .map((offsetMs) => wallMs - offsetMs)
      .sort((a, b) => a - b);
    const [first = wallMs - before, ...others] = shown;
    return [first, ...others];
  }

  #offsetMs(atMs: number): number {
    return this.#zone.offset(atMs) * MS_PER_MINUTE;
  }
}
