import { setTimeout as delay } from 'node:timers/promises';
import type { BenchApi } from '../cluster/api.ts';

/** As often as the console's page of a live soak asks for the soak beside its stream. */
const REFRESH_MS = 3000;

/** What the page of a live soak asks of the control plane, without a page. */
export class Viewer {
  readonly #gone = new AbortController();
  readonly #done: Promise<unknown>;
  /** Of the event stream. */
  bytes = 0;

  constructor(api: BenchApi, soakId: string) {
    this.#done = Promise.all([this.#follow(api, soakId), this.#refresh(api, soakId)]);
    // It is awaited by `leave`.
    this.#done.catch(() => undefined);
  }

  /** Rejects with what went wrong while it watched. */
  async leave(): Promise<void> {
    this.#gone.abort();
    await this.#done;
  }

  async #follow(api: BenchApi, soakId: string): Promise<void> {
    const { signal } = this.#gone;
    try {
      for await (const chunk of await api.events(soakId, signal)) this.bytes += chunk.length;
    } catch (error) {
      if (!signal.aborted) throw error;
      return;
    }
    if (!signal.aborted) throw new Error(`the events of ${soakId} ended`);
  }

  async #refresh(api: BenchApi, soakId: string): Promise<void> {
    const { signal } = this.#gone;
    while (!signal.aborted) {
      await api.soak(soakId);
      await delay(REFRESH_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
