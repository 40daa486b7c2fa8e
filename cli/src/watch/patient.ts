import { ApiUnreachable } from '../api/problem.ts';

/** Number of consecutive polls for which the API may be unreachable. */
const UNREACHABLE_POLLS = 60;

/** Calls the API; resolves with undefined when it did not respond and should be called again. */
export function patiently(
  unreachable: (error: ApiUnreachable) => void,
): <T>(ask: () => Promise<T>) => Promise<T | undefined> {
  let missed = 0;
  return async (ask) => {
    try {
      const answer = await ask();
      missed = 0;
      return answer;
    } catch (error) {
      if (!(error instanceof ApiUnreachable) || missed >= UNREACHABLE_POLLS) throw error;
      missed += 1;
      unreachable(error);
      return undefined;
    }
  };
}
