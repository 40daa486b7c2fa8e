import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { RequestProblem } from '../plugins/problems.ts';
import type { RequestKey } from '../store/soaks.ts';

/** For routes that create something: a repeated key returns the first response. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        '1 to 255 visible ASCII characters. For 7 days, a repeated request with this key returns the soak that the first one created; with another body it is refused',
    }),
  ),
});

const KEY = /^[\x21-\x7e]{1,255}$/;

/** `content`: the content that every request with this key must share. null: no key. */
export function requestKeyOf(key: string | undefined, content: unknown): RequestKey | null {
  if (key === undefined) return null;
  if (!KEY.test(key)) {
    throw new RequestProblem(400, 'Idempotency-Key must be 1 to 255 visible ASCII characters');
  }
  const fingerprint = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return { key: `idempotency-${key}`, fingerprint };
}

export function keyOfAnotherRequest(): RequestProblem {
  const detail = 'this Idempotency-Key was used for another request; use a new one';
  return new RequestProblem(422, detail);
}
