import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;

/** Polls until the answer is not null or false; fails by name if it never is. */
export async function until<T>(
  what: string,
  ask: () => T | null | false | Promise<T | null | false>,
  withinMs = 30_000,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(POLL_MS);
  }
}
