import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { RequestProblem } from '../plugins/problems.ts';
import type { RequestKey } from '../store/soaks.ts';

/** For routes that make something: the same key again is answered as the first time. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        '1 to 255 visible ASCII characters. A request that made a soak is answered the same again for 7 days; with another body the key is refused',
    }),
  ),
});

const KEY = /^[\x21-\x7e]{1,255}$/;

/** `asked`: all that a request with this key must have in common. null: it has no key. */
export function requestKeyOf(key: string | undefined, asked: unknown): RequestKey | null {
  if (key === undefined) return null;
  if (!KEY.test(key)) {
    throw new RequestProblem(400, 'Idempotency-Key must be 1 to 255 visible ASCII characters');
  }
  const fingerprint = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  return { key: `idempotency-${key}`, fingerprint };
}

export function keyOfAnotherRequest(): RequestProblem {
  const detail = 'this Idempotency-Key was used for another request; take a new one';
  return new RequestProblem(422, detail);
}
