import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Comparison, PageLimit, type Problem, Soak, SoakPlan, SoakSpec } from '@oversoak/contracts';
import { Type } from 'typebox';
import { compareStored } from '../comparison/compare-stored.ts';
import { comparisonMarkdown } from '../comparison/comparison-markdown.ts';
import { comparisonCsv } from '../comparison/csv.ts';
import { waits } from '../model/run-record.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import { validatorOfBody } from '../plugins/validation.ts';
import { JSON_OR_YAML } from '../plugins/yaml.ts';
import { validateSpec } from '../submit/validate.ts';
import type { Cluster } from './cluster.ts';
import { IdempotencyHeaders, keyOfAnotherRequest, requestKeyOf } from './request-key.ts';
import { createdSoak, SoakSummary, soakSummary, soakView } from './soak-view.ts';
import { formatField, formatOf, sendText } from './text-format.ts';

const Id = Type.Object({ soakId: Type.String({ maxLength: 100 }) });

const Page = Type.Object(
  {
    limit: PageLimit,
    prefix: Type.Optional(
      Type.String({ pattern: '^soak-[0-9a-z]{0,26}$', description: 'how the ids begin' }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 100, description: '`nextCursor` of a page' })),
  },
  { additionalProperties: false },
);

const FORMATS = ['csv', 'markdown'] as const;
const FormatQuery = Type.Object({ format: formatField(FORMATS) }, { additionalProperties: false });

const WRITE = { csv: comparisonCsv, markdown: comparisonMarkdown } as const;

const secured = { security: [{ token: [] }], tags: ['soaks'] };

/** Reports all problems of a spec at once: those of the schema and those between fields. */
const checkSpec = validatorOfBody((body) => {
  const valid = validateSpec(body);
  if ('spec' in valid) return { value: valid.spec };
  return { error: new RequestProblem(400, 'the spec is not valid', valid.problems) };
});

const cannotRun = (problems: readonly Problem[]) =>
  new RequestProblem(422, 'this cluster cannot run it', problems);

export const soakRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  const stored = async (soakId: string) => {
    const soak = await cluster.soaks.get(soakId);
    if (soak === null) throw new RequestProblem(404, `no soak "${soakId}"`);
    return soak;
  };
  const view = async (soakId: string) => {
    const soak = await stored(soakId);
    const runs = await cluster.runs.getAll(soak.soak.runIds);
    const turn = runs.find((run) => run.state !== 'done');
    const waiting =
      turn !== undefined && waits(turn) ? await cluster.waitingReason(turn.runId) : null;
    return soakView(soak, runs, waiting);
  };

  app.post(
    '/soaks',
    {
      config: { access: 'operator' },
      schema: {
        summary: 'submit a soak',
        ...secured,
        consumes: JSON_OR_YAML,
        headers: IdempotencyHeaders,
        body: SoakSpec,
        response: {
          201: Soak,
          400: ProblemDetails,
          410: ProblemDetails,
          422: ProblemDetails,
        },
      },
      validatorCompiler: checkSpec,
    },
    async ({ headers, body, trace }, reply) => {
      const request = requestKeyOf(headers['idempotency-key'], ['submit', body]);
      const submitted = await cluster.submit(body, { request, trace });
      if ('problems' in submitted) throw cannotRun(submitted.problems);
      if ('keyOfAnotherRequest' in submitted) throw keyOfAnotherRequest();
      return await createdSoak(submitted.soakId, cluster, reply);
    },
  );

  app.post(
    '/soaks/plan',
    {
      config: { access: 'reader' },
      schema: {
        summary: 'what a soak would be if it were submitted now; nothing is stored',
        ...secured,
        consumes: JSON_OR_YAML,
        body: SoakSpec,
        response: { 200: SoakPlan, 400: ProblemDetails, 422: ProblemDetails },
      },
      validatorCompiler: checkSpec,
    },
    async ({ body }) => {
      const planned = await cluster.plan(body);
      if ('problems' in planned) throw cannotRun(planned.problems);
      return planned;
    },
  );

  app.get(
    '/soaks',
    {
      config: { access: 'reader' },
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
    async ({ query: { limit, cursor, prefix } }) => {
      const { soaks, next } = await cluster.soaks.list(cursor ?? null, limit, prefix);
      return { soaks: soaks.map(soakSummary), nextCursor: next };
    },
  );

  app.get(
    '/soaks/:soakId',
    {
      config: { access: 'reader' },
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
      config: { access: 'reader' },
      schema: {
        summary: 'the cells of a soak side by side, as JSON, CSV or Markdown',
        ...secured,
        params: Id,
        querystring: FormatQuery,
        response: { 200: Comparison, 404: ProblemDetails },
      },
    },
    async (request, reply) => {
      const { soak } = await stored(request.params.soakId);
      const comparison = await compareStored(soak, cluster.runs);
      const format = formatOf(FORMATS, request.query.format, request.headers.accept);
      if (format === 'json') return comparison;
      return await sendText(reply, format, WRITE[format](comparison));
    },
  );

  app.delete(
    '/soaks/:soakId',
    {
      config: { access: 'operator' },
      schema: {
        summary: 'cancel a soak; a finished soak is not changed',
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
