import { setTimeout as delay } from 'node:timers/promises';
import { ApiUnreachable } from '../api/problem.ts';

/** Waits between attempts, in polls: a growing pause, two minutes in all. */
const PAUSES = [1, 2, 4, 8, ...Array<number>(7).fill(15)] as const;

/**
 * Calls the API until it responds. An API that is away is reported once, until it has responded
 * again; after the last pause its error is thrown.
 */
export function patiently(
  unreachable: (error: ApiUnreachable) => void,
  pollMs: number,
  signal: AbortSignal,
): <T>(ask: () => Promise<T>) => Promise<T> {
  return async (ask) => {
    for (const [attempt, pause] of PAUSES.entries()) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof ApiUnreachable)) throw error;
        if (attempt === 0) unreachable(error);
        await delay(pause * pollMs, undefined, { signal });
      }
    }
    return await ask();
  };
}
