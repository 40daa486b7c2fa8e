import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './model/log.ts';

/** Repeats `work` after each interval, never twice at once. The returned function stops it. */
export function every(
  intervalMs: number,
  work: () => Promise<void>,
  log: Log,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async () => {
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        // The next round finds the same work again, since all of it is derived from what is stored.
        if (!signal.aborted) log.error({ err: error }, 'a background round failed');
      }
      await delay(intervalMs, null, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  };
  const ended = loop();
  return async () => {
    stopping.abort();
    await ended;
  };
}
