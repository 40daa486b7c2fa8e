/**
 * The increase of a cumulative counter between two readings.
 * @throws Error when the later value is smaller: figures based on such a counter are not
 *   trustworthy
 */
export function countSince(name: string, later: number, earlier: number): number {
  if (later >= earlier) return later - earlier;
  throw new Error(`the counter ${name} ran backwards: ${earlier}, then ${later}`);
}

/** The increase of each named counter. */
export function countsSince<C extends Record<string, number>>(
  name: string,
  later: C,
  earlier: C,
): C {
  const since = Object.entries(later).map(([each, count]) => [
    each,
    countSince(`${name}.${each}`, count, earlier[each] ?? 0),
  ]);
  return Object.fromEntries(since) as C;
}
