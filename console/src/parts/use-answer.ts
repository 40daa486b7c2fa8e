import { useCallback, useEffect, useState } from 'preact/hooks';

export interface Answer<T> {
  /** The last that came; undefined before the first. */
  value: T | undefined;
  error: Error | null;
  /** Asks once more. */
  again(): void;
}

/** What the API answers to `ask`, asked anew when `keys` change and every so many milliseconds. */
export function useAnswer<T>(
  ask: () => Promise<T>,
  keys: readonly unknown[],
  everyMs: number | null = null,
): Answer<T> {
  const [answer, setAnswer] = useState<{ value: T | undefined; error: Error | null }>({
    value: undefined,
    error: null,
  });
  const [asked, setAsked] = useState(0);
  // What `ask` depends on is in `keys`.
  useEffect(() => {
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const go = async () => {
      try {
        const value = await ask();
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
  }, [...keys, everyMs, asked]);
  const again = useCallback(() => setAsked((count) => count + 1), []);
  return { ...answer, again };
}
