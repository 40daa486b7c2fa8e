import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is not null or false; fails by name when it never comes. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | false>,
  withinMs = 10_000,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  while (performance.now() < endMs) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    await delay(10);
  }
  throw new Error(`not within ${withinMs} ms: ${what}`);
}
