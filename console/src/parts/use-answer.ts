import { useCallback, useEffect, useState } from 'preact/hooks';

export interface Answer<T> {
  /** The last that came; undefined before the first. */
  value: T | undefined;
  error: Error | null;
  /** Requests again. */
  again(): void;
}

/** The API's response to `request`, requested again when `keys` change and every `everyMs`. */
export function useAnswer<T>(
  request: () => Promise<T>,
  keys: readonly unknown[],
  everyMs: number | null = null,
): Answer<T> {
  const [answer, setAnswer] = useState<{ value: T | undefined; error: Error | null }>({
    value: undefined,
    error: null,
  });
  const [requests, setRequests] = useState(0);
  // `keys` holds what `request` depends on.
  useEffect(() => {
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const go = async () => {
      try {
        const value = await request();
        if (!isGone) setAnswer({ value, error: null });
      } catch (error) {
        if (!isGone) setAnswer(({ value }) => ({ value, error: error as Error }));
      }
      if (!isGone && everyMs !== null) timer = setTimeout(go, everyMs);
    };
    void go();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [...keys, everyMs, requests]);
  const again = useCallback(() => setRequests((count) => count + 1), []);
  return { ...answer, again };
}
