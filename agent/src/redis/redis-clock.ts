import type { Redis } from 'ioredis';
import { machineMs } from '../host/clock.ts';
import { log, messageOf } from '../log/log.ts';

const ROUND_TRIPS = 7;
const REMEASURE_MS = 60_000;

export interface RoundTrip {
  sentMs: number;
  receivedMs: number;
  redisMs: number;
}

/** Redis time minus local time. The midpoint of the fastest round trip has the smallest error. */
export function offsetOf(trips: readonly RoundTrip[]): number {
  const took = (trip: RoundTrip) => trip.receivedMs - trip.sentMs;
  const best = trips.reduce((a, b) => (took(b) < took(a) ? b : a));
  return best.redisMs - (best.sentMs + best.receivedMs) / 2;
}

/**
 * The cluster's clock: Redis TIME, kept as an offset to the machine's monotonic clock. Setting the
 * wall clock during a run therefore moves neither its phases nor its deadlines.
 */
export class RedisClock {
  readonly #redis: Pick<Redis, 'time'>;
  readonly #localMs: () => number;
  readonly #wallMs: () => number;
  #offsetMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Pick<Redis, 'time'>, localMs = machineMs, wallMs: () => number = Date.now) {
    this.#redis = redis;
    this.#localMs = localMs;
    this.#wallMs = wallMs;
  }

  /** Redis time minus the agent's current wall clock, in milliseconds. */
  get wallOffsetMs(): number {
    return this.nowMs() - this.#wallMs();
  }

  /** Redis time in whole milliseconds. */
  nowMs(): number {
    return Math.round(this.toRedisMs(this.#localMs()));
  }

  /** Converts local time to Redis time, with the precision of its argument. */
  toRedisMs(localMs: number): number {
    return localMs + this.#offsetMs;
  }

  toLocalMs(redisMs: number): number {
    return redisMs - this.#offsetMs;
  }

  async measure(): Promise<void> {
    const trips: RoundTrip[] = [];
    for (let trip = 0; trip < ROUND_TRIPS; trip += 1) {
      const sentMs = this.#localMs();
      const [seconds, microseconds] = await this.#redis.time();
      trips.push({
        sentMs,
        receivedMs: this.#localMs(),
        redisMs: Number(seconds) * 1000 + Number(microseconds) / 1000,
      });
    }
    this.#offsetMs = offsetOf(trips);
  }

  /** Measures now and every minute afterwards, because clocks drift over a night. */
  async start(): Promise<void> {
    await this.measure();
    this.#timer = setInterval(() => {
      this.measure().catch((error: unknown) =>
        log('warn', 'the offset to Redis time could not be measured; the last one stays', {
          reason: messageOf(error),
        }),
      );
    }, REMEASURE_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
