import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './model/log.ts';

/** Repeats `work` without overlap, with a pause of `intervalMs`. The returned function stops it. */
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
        // The next round retries: all work is derived from stored state.
        if (!signal.aborted) log.error({ err: error }, 'a periodic task failed; retrying');
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
