import { createHash } from 'node:crypto';
import { Type } from 'typebox';

/** RFC 9110, 13: conditions of a request. */
export const Preconditions = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'an ETag: only if it has not changed since; *: only if it exists' }),
  ),
  'if-none-match': Type.Optional(Type.String({ description: '*: only if it does not exist' })),
});

/**
 * The first part is of what was put and the second of all that is shown, which changes by itself:
 * so a put conflicts with other puts alone, and a GET sees every change.
 */
export function entityTag(revision: string, shown: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 16);
  return `"${revision}.${digest}"`;
}

const tagsOf = (header: string) => header.split(',').map((tag) => tag.trim());

/** Why a change must not be done, or null. `revision` null: there is nothing of the name. */
export function failedPrecondition(
  headers: { 'if-match'?: string; 'if-none-match'?: string },
  revision: string | null,
): string | null {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  const isOne = (tag: string) =>
    revision !== null && (tag === '*' || tag.startsWith(`"${revision}.`));
  if (match !== undefined && !tagsOf(match).some(isOne)) {
    return revision === null
      ? 'If-Match: there is nothing of this name'
      : 'If-Match: it was changed since; get it again';
  }
  if (noneMatch !== undefined && tagsOf(noneMatch).some(isOne)) {
    return 'If-None-Match: there is something of this name';
  }
  return null;
}

/** Whether a GET's caller has what it would be sent. */
export function hasIt(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return tagsOf(ifNoneMatch).some((one) => one === '*' || one.replace(/^W\//, '') === tag);
}
