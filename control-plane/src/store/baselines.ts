import type { Baseline } from '@oversoak/contracts';
import { BASELINES_KEY, soakKey } from './names.ts';
import type { Store } from './redis.ts';

export type Pinned = 'pinned' | 'no soak' | 'not done';

/** The soak that a name stands for, or what is missing, for a person. */
export async function soakOfBaseline(
  name: string,
  baselines: Pick<Baselines, 'get' | 'list'>,
): Promise<{ soakId: string } | { missing: string }> {
  const baseline = await baselines.get(name);
  if (baseline !== null) return { soakId: baseline.soakId };
  const names = (await baselines.list()).map((each) => each.name).join(', ') || 'none';
  return { missing: `no baseline "${name}"; there are: ${names}` };
}

/** Names for soaks that others are compared with. */
export class Baselines {
  readonly #redis: Store;

  constructor(redis: Store) {
    this.#redis = redis;
  }

  /** Pins a soak that is there and done, in place of what the name stood for. */
  async pin(baseline: Baseline): Promise<Pinned> {
    return await this.#redis.pinBaseline(
      BASELINES_KEY,
      soakKey(baseline.soakId),
      baseline.name,
      JSON.stringify(baseline),
    );
  }

  async get(name: string): Promise<Baseline | null> {
    const baseline = await this.#redis.hget(BASELINES_KEY, name);
    return baseline === null ? null : (JSON.parse(baseline) as Baseline);
  }

  /** By name. */
  async list(): Promise<Baseline[]> {
    const baselines = await this.#redis.hvals(BASELINES_KEY);
    return baselines
      .map((baseline) => JSON.parse(baseline) as Baseline)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whether there was one; its soak stays. */
  async unpin(name: string): Promise<boolean> {
    return (await this.#redis.hdel(BASELINES_KEY, name)) === 1;
  }
}
