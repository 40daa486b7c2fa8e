/** A field of an entry as Redis gives it, names and values in turns; '' without it. */
export function fieldOf(fields: readonly string[], name: string): string {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field === name);
  return at === -1 ? '' : (fields[at + 1] ?? '');
}
