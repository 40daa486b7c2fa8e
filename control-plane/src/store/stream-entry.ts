/** A field of a Redis stream entry (an array of alternating names and values); '' if missing. */
export function fieldOf(fields: readonly string[], name: string): string {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field === name);
  return at === -1 ? '' : (fields[at + 1] ?? '');
}

/** When the entry with this id was appended, in Redis time. */
export const appendedMs = (id: string): number => Number(id.split('-')[0]);

/** Compares stream ids, `milliseconds-number`: by time, then by number. */
export function earlier(a: string, b: string): number {
  const [aMs = 0, aNumber = 0] = a.split('-').map(Number);
  const [bMs = 0, bNumber = 0] = b.split('-').map(Number);
  return aMs - bMs || aNumber - bNumber;
}
