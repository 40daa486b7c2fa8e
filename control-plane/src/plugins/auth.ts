import bearerAuth from '@fastify/bearer-auth';
import type { FastifyInstance } from 'fastify';
import { PROBLEM_TYPE, problemBody } from './problems.ts';

/** One token for every route of the scope; compared in constant time. */
export async function useAuth(app: FastifyInstance, token: string): Promise<void> {
  await app.register(bearerAuth, {
    keys: new Set([token]),
    contentType: PROBLEM_TYPE,
    // The type requires an `error` field, but the library sends any object.
    errorResponse: (error) => ({
      ...problemBody(401, `${error.message}; send "Authorization: Bearer TOKEN"`),
      error: 'unauthorized',
    }),
  });
}
