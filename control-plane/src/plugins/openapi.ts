import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { inputSchema, WebhookEvent } from '@oversoak/contracts';
import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import { withCommonAnswers } from './openapi-answers.ts';
import { withComponents } from './openapi-components.ts';
import { writtenSchema } from './openapi-written.ts';

const TAGS = {
  soaks: 'submit soaks; see, cancel, export and delete them',
  runs: 'the runs of soaks, with their results and samples',
  schedules: 'soaks that are submitted by a cron pattern, and their trends',
  comparisons: 'two soaks side by side',
  baselines: 'soaks that are pinned for comparisons',
  agents: 'the machines that run soaks',
  probes: 'claims about Winsock, tested on agents',
  tokens: 'who may use the API',
  enrolments: 'which machines are agents',
  audit: 'who changed what',
  health: 'whether the control plane works; no token is needed',
};

/** The OpenAPI document, generated from the routes' schemas: /docs (UI), /docs/json, /docs/yaml. */
export async function useOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    // A body and a query are what a user writes: without the fields that have defaults.
    transform: ({ schema, url }) => {
      const { body, querystring } = schema ?? {};
      const written = {
        ...(body === undefined ? {} : { body: writtenSchema(body as TSchema) }),
        ...(querystring === undefined ? {} : { querystring: inputSchema(querystring as TSchema) }),
      };
      return { schema: { ...schema, ...written }, url };
    },
    transformObject: (document) =>
      'openapiObject' in document
        ? withComponents(withCommonAnswers(document.openapiObject))
        : document.swaggerObject,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'oversoak',
        description: 'Soak tests of Windows network servers: submit, watch, compare.',
        version: '1',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'the control plane that serves this document' }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      webhooks: {
        scheduledSoakEnded: {
          post: {
            operationId: 'scheduledSoakEnded',
            tags: ['schedules'],
            security: [],
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
