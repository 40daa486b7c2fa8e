import { readTrace } from '@oversoak/contracts';
import { LRUCache } from 'lru-cache';
import type { Soaks } from '../store/soaks.ts';

/** The immutable facts of a soak that the spans of its runs need. */
export interface SoakFacts {
  name: string;
  /** The schedule that submitted it; null: a user did. */
  schedule: string | null;
  /** W3C traceparent of its submission. */
  trace: string | undefined;
}

/** More than the soaks that run at the same time; an evicted one is read again. */
const MAX_REMEMBERED = 256;

/** A cache of soak facts. */
export class SoakFactsCache {
  readonly #soaks: Pick<Soaks, 'get'>;
  readonly #known = new LRUCache<string, SoakFacts>({ max: MAX_REMEMBERED });

  constructor(soaks: Pick<Soaks, 'get'>) {
    this.#soaks = soaks;
  }

  /** null: the soak does not exist. */
  async of(soakId: string): Promise<SoakFacts | null> {
    const known = this.#known.get(soakId);
    if (known !== undefined) return known;
    const stored = await this.#soaks.get(soakId);
    if (stored === null) return null;
    const { name, origin, trace } = stored.soak;
    const schedule = origin.kind === 'schedule' ? origin.schedule : null;
    const facts = { name, schedule, trace: readTrace(trace) };
    this.#known.set(soakId, facts);
    return facts;
  }
}
