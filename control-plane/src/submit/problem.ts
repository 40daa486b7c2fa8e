/** One thing wrong with a request; `pointer` (RFC 6901) is the field, '' the whole body. */
export interface Problem {
  pointer: string;
  detail: string;
}

export function pointerTo(...segments: (string | number)[]): string {
  return segments
    .map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** Whether one of the pointers is the other or holds it. */
export function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
