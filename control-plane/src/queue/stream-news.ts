import type { Redis } from 'ioredis';
import type { Log } from '../model/log.ts';

const CHANNEL = '__redis__:invalidate';
/** Names of keys stand in a notice with commas, which no key of an agent has. */
const SEPARATOR = ',';

export interface StreamNewsOptions {
  redis: Redis;
  log: Log;
  /** Of the keys of all streams. */
  prefix: string;
  /** Called with each key that was written, also one that is no stream. */
  heard(key: string): void;
  /** Called when it begins to hear, since before it may have missed something. */
  began(): void;
}

/**
 * Hears which keys are written, without what is written: Redis' client-side caching tells names. A
 * connection that blocks on the streams would be sent their entries, of whatever length.
 */
export class StreamNews {
  readonly #options: StreamNewsOptions;
  /** Redis sends notices over the older protocol to a connection that subscribes to them. */
  readonly #redis: Redis;
  #isHearing = false;

  constructor(options: StreamNewsOptions) {
    this.#options = options;
    this.#redis = options.redis.duplicate({ protocol: 2, autoResubscribe: false });
    this.#redis.on('error', (error) => options.log.error({ err: error }, 'hearing of agents'));
    this.#redis.on('close', () => {
      this.#isHearing = false;
    });
    this.#redis.on('ready', () => void this.#begin());
    this.#redis.on('message', (_channel: string, keys: string) => {
      for (const key of keys.split(SEPARATOR)) options.heard(key);
    });
  }

  /** False: nobody says what is written, so all streams must be looked at. */
  get isHearing(): boolean {
    return this.#isHearing;
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #begin(): Promise<void> {
    const { log, prefix, began } = this.#options;
    try {
      const id = await this.#redis.client('ID');
      const words = ['TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', prefix] as const;
      await this.#redis.call('CLIENT', ...words);
      await this.#redis.subscribe(CHANNEL);
      this.#isHearing = true;
      began();
    } catch (error) {
      if (this.#redis.status !== 'ready') return;
      log.warn({ err: error }, 'Redis does not say which streams are written: all are looked at');
    }
  }
}
