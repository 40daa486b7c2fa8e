/**
 * What a cumulative counter counted between two readings of it. Throws Error where the later one is
 * the smaller: no figure that rests on such a counter can be believed.
 */
export function countSince(name: string, later: number, earlier: number): number {
  if (later >= earlier) return later - earlier;
  throw new Error(`the counter ${name} ran backwards: ${earlier}, then ${later}`);
}

/** The same of counters by name. */
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
