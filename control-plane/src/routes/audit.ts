import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { AUDIT_DAYS, AuditEntry, PageLimit, STREAM_CURSOR_PATTERN } from '@oversoak/contracts';
import { Type } from 'typebox';
import type { Cluster } from './cluster.ts';

const Page = Type.Object(
  {
    limit: PageLimit,
    cursor: Type.Optional(
      Type.String({ pattern: STREAM_CURSOR_PATTERN, description: '`nextCursor` of a page' }),
    ),
  },
  { additionalProperties: false },
);

export const auditRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster: { audit } },
) => {
  app.get(
    '/audit',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listAudit',
        summary: `changes, refused authentications and refused reports of ${AUDIT_DAYS} days, newest first`,
        security: [{ token: [] }],
        tags: ['audit'],
        querystring: Page,
        response: {
          200: Type.Object({
            entries: Type.Array(AuditEntry),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const { entries, next } = await audit.list(cursor ?? null, limit);
      return { entries, nextCursor: next };
    },
  );
};
