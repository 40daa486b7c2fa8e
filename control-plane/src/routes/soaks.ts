import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Comparison, type Problem, Soak, SoakPlan, SoakSpec, SoaksPage } from '@oversoak/contracts';
import { Type } from 'typebox';
import { comparisonMarkdown } from '../comparison/comparison-markdown.ts';
import { comparisonCsv } from '../comparison/csv.ts';
import { waits } from '../model/run-record.ts';
import { ownerOf } from '../plugins/auth.ts';
import { ProblemDetails, quotaProblem, RequestProblem } from '../plugins/problems.ts';
import { validatorOfBody } from '../plugins/validation.ts';
import { JSON_OR_YAML } from '../plugins/yaml.ts';
import { stateOf } from '../run/soak-state.ts';
import { validateSpec } from '../submit/validate.ts';
import type { Cluster } from './cluster.ts';
import { SoakParams } from './params.ts';
import { IdempotencyHeaders, keyOfAnotherRequest, requestKeyOf } from './request-key.ts';
import { createdSoak, soakSummary, soakView } from './soak-view.ts';
import { matches, matchingSoaks, READ_AT_ONCE, SoaksQuery } from './soaks-list.ts';
import { formatField, formatOf, sendText } from './text-format.ts';

const FORMATS = ['csv', 'markdown'] as const;
const FormatQuery = Type.Object({ format: formatField(FORMATS) }, { additionalProperties: false });

const WRITE = { csv: comparisonCsv, markdown: comparisonMarkdown } as const;

const secured = { security: [{ token: [] }], tags: ['soaks'] };
const Empty = Type.Unsafe<undefined>({ type: 'null', description: 'no body' });

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
      config: { access: 'operator', changes: true },
      schema: {
        operationId: 'submitSoak',
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
          429: ProblemDetails,
        },
      },
      validatorCompiler: checkSpec,
    },
    async ({ headers, body, trace, caller }, reply) => {
      const request = requestKeyOf(headers['idempotency-key'], ['submit', body]);
      const owner = ownerOf(caller);
      const submitted = await cluster.submit(body, { request, trace, owner });
      if ('overQuota' in submitted && submitted.overQuota) throw quotaProblem(submitted.overQuota);
      if ('problems' in submitted) throw cannotRun(submitted.problems);
      if ('keyOfAnotherRequest' in submitted) throw keyOfAnotherRequest();
      return await createdSoak(submitted.soakId, cluster, reply);
    },
  );

  app.post(
    '/soaks/plan',
    {
      config: { access: 'reader', changes: false },
      schema: {
        operationId: 'planSoak',
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
        operationId: 'listSoaks',
        summary: 'soaks, newest first; of all, or those that match every filter',
        description:
          'With filters, a page may have fewer soaks than `limit` although more match: continue while there is a `nextCursor`.',
        ...secured,
        querystring: SoaksQuery,
        response: { 200: SoaksPage },
      },
    },
    async ({ query: { limit, cursor, prefix, ...filter } }) => {
      const atOnce = Object.keys(filter).length === 0 ? limit : READ_AT_ONCE;
      const { soaks, next } = await matchingSoaks(
        (before) => cluster.soaks.list(before, atOnce, prefix),
        (soak) => matches(soak, filter),
        { before: cursor ?? null, limit },
      );
      return { soaks: soaks.map(soakSummary), nextCursor: next };
    },
  );

  app.get(
    '/soaks/:soakId',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getSoak',
        summary: 'a soak with its runs',
        ...secured,
        params: SoakParams,
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
        operationId: 'compareCells',
        summary: 'the cells of a soak side by side, as JSON, CSV or Markdown',
        ...secured,
        params: SoakParams,
        querystring: FormatQuery,
        response: {
          200: Comparison,
          404: ProblemDetails,
          429: ProblemDetails,
          503: ProblemDetails,
        },
      },
    },
    async (request, reply) => {
      const soak = await stored(request.params.soakId);
      const comparison = await cluster.comparisons.soak(soak, ownerOf(request.caller));
      const format = formatOf(FORMATS, request.query.format, request.headers.accept);
      if (format === 'json') return comparison;
      return await sendText(reply, format, WRITE[format](comparison));
    },
  );

  app.post(
    '/soaks/:soakId/cancel',
    {
      config: { access: 'operator', changes: true },
      schema: {
        operationId: 'cancelSoak',
        summary: 'cancel a soak; a finished soak is not changed',
        ...secured,
        params: SoakParams,
        response: { 202: Soak, 404: ProblemDetails },
      },
    },
    async ({ params }, reply) => {
      await cluster.cancel(await stored(params.soakId));
      reply.code(202);
      return await view(params.soakId);
    },
  );

  app.delete(
    '/soaks/:soakId',
    {
      config: { access: 'admin', changes: true },
      schema: {
        operationId: 'deleteSoak',
        summary: 'delete a finished soak with everything that is stored of it',
        description:
          "Its runs, results, events and samples are gone. What remains: the audit, the figures in a schedule's trend, and the number of runs by verdict.",
        ...secured,
        params: SoakParams,
        response: { 204: Empty, 404: ProblemDetails, 409: ProblemDetails },
      },
    },
    async ({ params: { soakId } }, reply) => {
      const { soak } = await stored(soakId);
      if (!(await cluster.soaks.delete(soak))) {
        throw new RequestProblem(409, await whyKept(soakId, cluster));
      }
      return await reply.code(204).send(undefined);
    },
  );
};

/** A readable reason why a soak was not deleted. */
async function whyKept(soakId: string, { soaks, baselines }: Cluster): Promise<string> {
  const now = await soaks.get(soakId);
  if (now !== null && stateOf(now) !== 'done') {
    return `soak "${soakId}" is not done; cancel it first (POST /v1/soaks/${soakId}/cancel)`;
  }
  const pins = (await baselines.list()).filter((baseline) => baseline.soakId === soakId);
  const names = pins.map(({ name }) => `"${name}"`).join(', ');
  return `soak "${soakId}" is pinned as baseline ${names}; unpin it first`;
}
