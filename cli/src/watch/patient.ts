import { ApiUnreachable } from '../api/problem.ts';

/** For how many polls in a row the API may be away. */
const UNREACHABLE_POLLS = 60;

/** Asks the API; undefined where it did not answer and is to be asked again. */
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
