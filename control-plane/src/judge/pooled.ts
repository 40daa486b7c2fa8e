/** How the counts of several runs are combined; null means unknown. */

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);

export function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

export const distinct = (texts: readonly string[]) => [...new Set(texts)];
