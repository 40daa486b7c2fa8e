import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { inputSchema, WebhookEvent } from '@oversoak/contracts';
import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';

/** The OpenAPI document, generated from the routes' schemas: /docs (UI), /docs/json, /docs/yaml. */
export async function useOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    // A body is what a user writes: without the fields that have defaults.
    transform: ({ schema, url }) => ({
      schema:
        schema?.body === undefined
          ? schema
          : { ...schema, body: inputSchema(schema.body as TSchema) },
      url,
    }),
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'oversoak',
        description: 'Soak tests of Windows network servers: submit, watch, compare.',
        version: '1',
      },
      webhooks: {
        scheduledSoakEnded: {
          post: {
            summary:
              'to the webhook of a schedule, signed as https://www.standardwebhooks.com specifies',
            description:
              'Anything but 2xx within 10 s is retried with exponential backoff for 23 hours; redirects ' +
              'are not followed. The same event may arrive twice, with the same webhook-id.',
            requestBody: { content: { 'application/json': { schema: WebhookEvent as object } } },
            responses: { '2XX': { description: 'accepted; the body is not read' } },
          },
        },
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // Served over http: see `useProtection`.
    transformStaticCSP: (policy) => policy.replace(/ *upgrade-insecure-requests;/, ''),
  });
}
