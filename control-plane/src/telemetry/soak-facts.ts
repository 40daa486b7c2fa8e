import { readTrace } from '@oversoak/contracts';
import { LRUCache } from 'lru-cache';
import type { Soaks } from '../store/soaks.ts';

/** What the spans of a run need of its soak; it does not change. */
export interface SoakFacts {
  name: string;
  /** Of its submission. */
  trace: string | undefined;
}

/** More soaks than run side by side; one that is not remembered is read again. */
const MAX_REMEMBERED = 256;

/** Soaks as their runs' spans name them, read once each. */
export class SoakFactsCache {
  readonly #soaks: Pick<Soaks, 'get'>;
  readonly #known = new LRUCache<string, SoakFacts>({ max: MAX_REMEMBERED });

  constructor(soaks: Pick<Soaks, 'get'>) {
    this.#soaks = soaks;
  }

  /** null: the soak is gone. */
  async of(soakId: string): Promise<SoakFacts | null> {
    const known = this.#known.get(soakId);
    if (known !== undefined) return known;
    const stored = await this.#soaks.get(soakId);
    if (stored === null) return null;
    const { name, trace } = stored.soak;
    const facts = { name, trace: readTrace(trace) };
    this.#known.set(soakId, facts);
    return facts;
  }
}
