import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Comparison, Soak, SoakSpec } from '@oversoak/contracts';
import { Type } from 'typebox';
import type { Cluster } from '../cluster.ts';
import { compareStored } from '../comparison/compare-stored.ts';
import { comparisonCsv } from '../comparison/csv.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import { readYaml } from '../submit/read-spec.ts';
import { validateSpec } from '../submit/validate.ts';
import { SoakSummary, soakSummary, soakView } from './soak-view.ts';

const Id = Type.Object({ soakId: Type.String({ maxLength: 100 }) });

const Page = Type.Object(
  {
    limit: Type.Integer({ default: 20, minimum: 1, maximum: 100 }),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: '`nextCursor` of a page' })),
  },
  { additionalProperties: false },
);

const Format = Type.Object(
  { format: Type.Optional(Type.Enum(['json', 'csv'], { description: 'else by Accept' })) },
  { additionalProperties: false },
);

const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];

const secured = { security: [{ token: [] }], tags: ['soaks'] };

export const soakRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  app.addContentTypeParser(
    YAML_TYPES,
    { parseAs: 'string' },
    async (_request: unknown, body: string) => {
      const read = readYaml(body);
      if ('problems' in read)
        throw new RequestProblem(400, 'body is not valid YAML', read.problems);
      return read.value;
    },
  );

  const stored = async (soakId: string) => {
    const soak = await cluster.soaks.get(soakId);
    if (soak === null) throw new RequestProblem(404, `no soak "${soakId}"`);
    return soak;
  };
  const view = async (soakId: string) => {
    const soak = await stored(soakId);
    return soakView(soak, await cluster.runs.getAll(soak.soak.runIds));
  };

  app.post(
    '/soaks',
    {
      schema: {
        summary: 'submit a soak',
        ...secured,
        consumes: ['application/json', ...YAML_TYPES],
        body: SoakSpec,
        response: { 201: Soak, 400: ProblemDetails, 422: ProblemDetails },
      },
      // All that is wrong with a spec in one answer: the schema's part and that between fields.
      validatorCompiler: () => (body: unknown) => {
        const valid = validateSpec(body);
        if ('spec' in valid) return { value: valid.spec };
        return { error: new RequestProblem(400, 'the spec is not valid', valid.problems) };
      },
    },
    async (request, reply) => {
      const submitted = await cluster.submit(request.body);
      if ('problems' in submitted) {
        throw new RequestProblem(422, 'no agents can run it', submitted.problems);
      }
      if ('keyOfAnotherRequest' in submitted) throw new Error('a request without a key has one');
      const { soakId } = submitted;
      reply.code(201).header('location', `/v1/soaks/${soakId}`);
      return await view(soakId);
    },
  );

  app.get(
    '/soaks',
    {
      schema: {
        summary: 'soaks, newest first',
        ...secured,
        querystring: Page,
        response: {
          200: Type.Object({
            soaks: Type.Array(SoakSummary),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const { soaks, next } = await cluster.soaks.list(cursor ?? null, limit);
      return { soaks: soaks.map(soakSummary), nextCursor: next };
    },
  );

  app.get(
    '/soaks/:soakId',
    {
      schema: {
        summary: 'a soak with its runs',
        ...secured,
        params: Id,
        response: { 200: Soak, 404: ProblemDetails },
      },
    },
    async ({ params }) => await view(params.soakId),
  );

  app.get(
    '/soaks/:soakId/comparison',
    {
      schema: {
        summary: 'the cells of a soak side by side, as JSON or CSV',
        ...secured,
        params: Id,
        querystring: Format,
        response: { 200: Comparison, 404: ProblemDetails },
      },
    },
    async (request, reply) => {
      const { soak } = await stored(request.params.soakId);
      const comparison = await compareStored(soak, cluster.runs);
      const accepted = request.headers.accept?.includes('text/csv') ? 'csv' : 'json';
      if ((request.query.format ?? accepted) === 'json') return comparison;
      // Already text: the serializer of this route's JSON must not quote it.
      reply.type('text/csv; charset=utf-8').serializer((text: unknown) => String(text));
      return await reply.send(comparisonCsv(comparison) as never);
    },
  );

  app.delete(
    '/soaks/:soakId',
    {
      schema: {
        summary: 'cancel a soak; one that is done stays as it is',
        ...secured,
        params: Id,
        response: { 202: Soak, 404: ProblemDetails },
      },
    },
    async ({ params }, reply) => {
      await cluster.cancel(await stored(params.soakId));
      reply.code(202);
      return await view(params.soakId);
    },
  );
};
