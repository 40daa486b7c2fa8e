import { type Sample, samplesKey, WAITING_SAMPLES } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { log, messageOf } from '../log/log.ts';

/** Two hours of one part at one sample per second. */
const MAX_BACKLOG = 7_200;
const RETRY_MS = 1_000;

/**
 * Samples on their way to the agent's stream, in order. While Redis is unreachable they wait
 * in memory; beyond the bound the oldest are dropped and counted. Figures are cumulative, so a gap
 * costs only resolution.
 */
export class Samples {
  readonly counts = { delivered: 0, dropped: 0 };
  readonly #redis: Pick<Redis, 'xadd'>;
  readonly #key: string;
  readonly #maxBacklog: number;
  readonly #pending: Sample[] = [];
  #delivering = false;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  #away = false;

  constructor(redis: Pick<Redis, 'xadd'>, agentId: string, maxBacklog = MAX_BACKLOG) {
    this.#redis = redis;
    this.#key = samplesKey(agentId);
    this.#maxBacklog = maxBacklog;
  }

  add(sample: Sample): void {
    this.#pending.push(sample);
    if (this.#pending.length > this.#maxBacklog) {
      this.#pending.shift();
      if (this.counts.dropped === 0) log('warn', 'samples are dropped: the backlog is full');
      this.counts.dropped += 1;
    }
    this.deliver();
  }

  /** Starts delivery unless it is in progress; called again when Redis is back. */
  deliver(): void {
    if (this.#delivering || this.#closed) return;
    clearTimeout(this.#retry);
    this.#delivering = true;
    this.#deliverAll()
      .catch((error: unknown) => {
        // Logged once, not for every sample of a night without Redis.
        if (!this.#away) {
          log('warn', 'samples are not delivered; they are kept', {
            reason: messageOf(error),
            ...this.counts,
          });
        }
        this.#away = true;
        if (!this.#closed) this.#retry = setTimeout(() => this.deliver(), RETRY_MS);
      })
      .finally(() => {
        this.#delivering = false;
      });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  async #deliverAll(): Promise<void> {
    for (let sample = this.#pending.shift(); sample !== undefined; sample = this.#pending.shift()) {
      try {
        await this.#redis.xadd(
          this.#key,
          'MAXLEN',
          '~',
          WAITING_SAMPLES,
          '*',
          'sample',
          JSON.stringify(sample),
        );
      } catch (error) {
        this.#pending.unshift(sample);
        throw error;
      }
      this.counts.delivered += 1;
      if (this.#away) log('info', 'samples are delivered again', { ...this.counts });
      this.#away = false;
    }
  }
}
