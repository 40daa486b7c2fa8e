import { createHash } from 'node:crypto';
import { Type } from 'typebox';

/** Conditional requests, RFC 9110 section 13. */
export const Preconditions = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'an ETag: only if it has not changed since; *: only if it exists' }),
  ),
  'if-none-match': Type.Optional(Type.String({ description: '*: only if it does not exist' })),
});

/**
 * The first part identifies the stored document, the second the whole response, which also changes
 * by itself. A put therefore conflicts with other puts only, and a GET sees every change.
 */
export function entityTag(revision: string, shown: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 16);
  return `"${revision}.${digest}"`;
}

const tagsOf = (header: string) => header.split(',').map((tag) => tag.trim());

/** Why a change is not allowed, or null. `revision` null: the name does not exist. */
export function failedPrecondition(
  headers: { 'if-match'?: string; 'if-none-match'?: string },
  revision: string | null,
): string | null {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  const isOne = (tag: string) =>
    revision !== null && (tag === '*' || tag.startsWith(`"${revision}.`));
  if (match !== undefined && !tagsOf(match).some(isOne)) {
    return revision === null
      ? 'If-Match: the name does not exist'
      : 'If-Match: it has changed since; get it again';
  }
  if (noneMatch !== undefined && tagsOf(noneMatch).some(isOne)) {
    return 'If-None-Match: the name already exists';
  }
  return null;
}

/** Whether the caller of a GET already has the current response. */
export function hasIt(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return tagsOf(ifNoneMatch).some((one) => one === '*' || one.replace(/^W\//, '') === tag);
}
