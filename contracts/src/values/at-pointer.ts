/** What stands at a JSON pointer, or at the fragment of one such as `#/properties/matrix`. */
export function atPointer(whole: unknown, pointer: string): unknown {
  // Only a fragment is part of a URI; a key of a spec may be "50%".
  const isFragment = pointer.startsWith('#');
  let found: unknown = whole;
  for (const segment of pointer.split('/').slice(1)) {
    const key = (isFragment ? decodeURIComponent(segment) : segment)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    found = (found as Record<string, unknown> | null | undefined)?.[key];
  }
  return found;
}
