import { setTimeout as delay } from 'node:timers/promises';
import { type ApiRefused, ApiUnreachable, isOverloaded } from '../api/problem.ts';

/** Waits between attempts, in polls: a growing pause, two minutes in all. */
const PAUSES = [1, 2, 4, 8, ...Array<number>(7).fill(15)] as const;

/** Nobody answers, or the control plane refuses everything for now: it is overloaded, or its Redis is away. */
export type ApiAway = ApiUnreachable | ApiRefused;

const isAway = (error: unknown): error is ApiAway =>
  error instanceof ApiUnreachable || isOverloaded(error);

/**
 * Calls the API until it responds. An API that is away is reported once, until it has responded
 * again; after the last pause its error is thrown.
 */
export function patiently(
  unreachable: (error: ApiAway) => void,
  pollMs: number,
  signal: AbortSignal,
): <T>(ask: () => Promise<T>) => Promise<T> {
  return async (ask) => {
    for (const [attempt, pause] of PAUSES.entries()) {
      try {
        return await ask();
      } catch (error) {
        if (!isAway(error)) throw error;
        if (attempt === 0) unreachable(error);
        await delay(pause * pollMs, undefined, { signal });
      }
    }
    return await ask();
  };
}
