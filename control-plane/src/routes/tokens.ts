import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  ApiToken,
  Caller,
  CreatedToken,
  TOKEN_ID_PATTERN,
  TokenRequest,
} from '@oversoak/contracts';
import { Type } from 'typebox';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import type { Cluster } from './cluster.ts';

const Id = Type.Object({
  id: Type.String({ pattern: TOKEN_ID_PATTERN, examples: ['k3v9x2m4qr'] }),
});

const Empty = Type.Unsafe<undefined>({ type: 'null', description: 'no body' });

const secured = { security: [{ token: [] }], tags: ['tokens'] };

export const tokenRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster: { tokens, nowMs } },
) => {
  app.get(
    '/me',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getMe',
        summary: 'who the token says you are',
        ...secured,
        response: { 200: Caller },
      },
    },
    async ({ caller }) => {
      if (caller === null) throw new Error('a route under useAuth without a caller');
      return caller;
    },
  );

  app.post(
    '/tokens',
    {
      config: { access: 'admin', changes: true },
      schema: {
        operationId: 'createToken',
        summary: 'create a token; its secret is in this answer only',
        ...secured,
        body: TokenRequest,
        response: { 201: CreatedToken, 400: ProblemDetails, 409: ProblemDetails },
      },
    },
    async ({ body }, reply) => {
      const created = await tokens.create(body, await nowMs());
      if (created === null) throw new RequestProblem(409, 'too many tokens; revoke some');
      reply.code(201).header('cache-control', 'no-store');
      return created;
    },
  );

  app.get(
    '/tokens',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listTokens',
        summary: 'every token without its secret, by name',
        ...secured,
        response: { 200: Type.Object({ tokens: Type.Array(ApiToken) }) },
      },
    },
    async () => ({ tokens: await tokens.list() }),
  );

  app.delete(
    '/tokens/:id',
    {
      config: { access: 'admin', changes: true },
      schema: {
        operationId: 'revokeToken',
        summary: 'revoke a token: it is refused from the next request on',
        ...secured,
        params: Id,
        response: { 204: Empty, 404: ProblemDetails },
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await tokens.revoke(id))) throw new RequestProblem(404, `no token "${id}"`);
      return await reply.code(204).send(undefined);
    },
  );
};
