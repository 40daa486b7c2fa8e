import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Gathers what is asked for in one turn of the event loop, and asks for all of it at once: a thousand
 * entries a second are then tens of scripts, not a thousand.
 */
export class Together<Item> {
  readonly #all: (items: readonly Item[]) => Promise<unknown>;
  #items: Item[] = [];
  #asked: Promise<unknown> | null = null;

  /** `all`: called with items in the order in which they were added. */
  constructor(all: (items: readonly Item[]) => Promise<unknown>) {
    this.#all = all;
  }

  /** Resolves or rejects as the call that had this item did. */
  async add(item: Item): Promise<void> {
    this.#items.push(item);
    this.#asked ??= this.#next();
    await this.#asked;
  }

  async #next(): Promise<void> {
    await nextTurn();
    const items = this.#items;
    this.#items = [];
    this.#asked = null;
    await this.#all(items);
  }
}
