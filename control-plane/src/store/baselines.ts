import type { Baseline } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { BASELINES_KEY, soakKey } from './names.ts';
import { script } from './script.ts';

/** Retention keeps the soak of each, and all of them are read at once. */
export const MAX_BASELINES = 500;

/** `full`: the name is new, and would be one too many. */
export type Pinned = 'pinned' | 'no soak' | 'not done' | 'full';

const pinBaseline = script<
  Record<'baselines' | 'soak', string>,
  { name: string; baseline: string; most: number },
  Pinned
>(import.meta.url, 'pin-baseline.lua');

/** The soak that is pinned under a name, or a readable reason why there is none. */
export async function soakOfBaseline(
  name: string,
  baselines: Pick<Baselines, 'get' | 'list'>,
): Promise<{ soakId: string } | { missing: string }> {
  const baseline = await baselines.get(name);
  if (baseline !== null) return { soakId: baseline.soakId };
  const names = (await baselines.list()).map((each) => each.name).join(', ') || 'none';
  return { missing: `no baseline "${name}"; there are: ${names}` };
}

/** Names under which finished soaks are pinned, so that other soaks can be compared with them. */
export class Baselines {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Pins a finished soak; replaces the soak that had the name. */
  async pin(baseline: Baseline): Promise<Pinned> {
    const keys = { baselines: BASELINES_KEY, soak: soakKey(baseline.soakId) };
    const { name } = baseline;
    const args = { name, baseline: JSON.stringify(baseline), most: MAX_BASELINES };
    return await pinBaseline(this.#redis, keys, args);
  }

  async get(name: string): Promise<Baseline | null> {
    const baseline = await this.#redis.hget(BASELINES_KEY, name);
    return baseline === null ? null : (JSON.parse(baseline) as Baseline);
  }

  /** Sorted by name. */
  async list(): Promise<Baseline[]> {
    const baselines = await this.#redis.hvals(BASELINES_KEY);
    return baselines
      .map((baseline) => JSON.parse(baseline) as Baseline)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Keeps the soak. False: the baseline does not exist. */
  async unpin(name: string): Promise<boolean> {
    return (await this.#redis.hdel(BASELINES_KEY, name)) === 1;
  }
}
