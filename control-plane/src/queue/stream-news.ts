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
  written(key: string): void;
  /** Called at each subscription: before it, something may have been missed. */
  subscribed(): void;
}

/**
 * Which keys are written, without what is written: the invalidation messages of Redis' client-side
 * caching name the keys. A connection that blocks on the streams would be sent their entries, of any
 * length.
 *
 * What the control plane deletes is named too, and costs one more look at that stream. NOLOOP would
 * leave it out, and with it whatever an agent wrote in the same turn of Redis' event loop: Redis
 * remembers only the last writer of a key.
 */
export class StreamNews {
  readonly #options: StreamNewsOptions;
  /** Redis sends notices over the older protocol to a connection that subscribes to them. */
  readonly #redis: Redis;
  #isSubscribed = false;

  constructor(options: StreamNewsOptions) {
    this.#options = options;
    this.#redis = options.redis.duplicate({ protocol: 2, autoResubscribe: false });
    this.#redis.on('error', (error) =>
      options.log.error({ err: error }, "notices of agents' streams"),
    );
    this.#redis.on('close', () => {
      this.#isSubscribed = false;
    });
    this.#redis.on('ready', () => void this.#begin());
    this.#redis.on('message', (_channel: string, keys: string) => {
      for (const key of keys.split(SEPARATOR)) options.written(key);
    });
  }

  /** False: no notices come, so all streams must be read. */
  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #begin(): Promise<void> {
    const { log, prefix, subscribed } = this.#options;
    try {
      const id = await this.#redis.client('ID');
      const words = ['TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', prefix] as const;
      await this.#redis.call('CLIENT', ...words);
      await this.#redis.subscribe(CHANNEL);
      this.#isSubscribed = true;
      subscribed();
    } catch (error) {
      if (this.#redis.status !== 'ready') return;
      log.warn({ err: error }, 'Redis does not notify of written streams: all of them are read');
    }
  }
}
