/** Letters that are missing, too many or wrong in what is probably a slip. */
const MAX_SLIPS = 2;
/** A short name differs from everything in few letters. */
const LEAST_PER_SLIP = 3;

/** The valid names, for a refusal, and which of them an unknown one probably is. */
export function validNames(given: string, names: readonly string[]): string {
  const near = nearest(given, names).map((name) => `"${name}"`);
  const meant = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  return `valid: ${names.join(', ')}${meant}`;
}

function nearest(given: string, names: readonly string[]): string[] {
  const most = Math.min(MAX_SLIPS, Math.floor(given.length / LEAST_PER_SLIP));
  // A body may have thousands of unknown names, and only those as long as a valid one cost time.
  const slips = names.map((name) =>
    Math.abs(name.length - given.length) > most
      ? Number.POSITIVE_INFINITY
      : distance(given.toLowerCase(), name.toLowerCase()),
  );
  const least = Math.min(...slips);
  return least > most ? [] : names.filter((_, index) => slips[index] === least);
}

/** Levenshtein's: insertions, deletions and substitutions. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...a].entries()) {
    const next = [at + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
