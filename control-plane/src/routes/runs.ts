import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { RunWithResult, Sample, STREAM_CURSOR_PATTERN } from '@oversoak/contracts';
import { Type } from 'typebox';
import { publicRun } from '../model/run-record.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import { readSample } from '../run/sample.ts';
import type { Cluster } from './cluster.ts';
import { RunParams } from './params.ts';

const SamplesPage = Type.Object(
  {
    limit: Type.Integer({ default: 100, minimum: 1, maximum: 1000 }),
    cursor: Type.Optional(
      Type.String({ pattern: STREAM_CURSOR_PATTERN, description: '`nextCursor` of a page' }),
    ),
  },
  { additionalProperties: false },
);

const secured = { security: [{ token: [] }], tags: ['runs'] };

export const runRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  const stored = async (runId: string) => {
    const run = await cluster.runs.get(runId);
    if (run === null) throw new RequestProblem(404, `no run "${runId}"`);
    return run;
  };

  app.get(
    '/runs/:runId',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getRun',
        summary: 'a run and, when it is done, its result document',
        ...secured,
        params: RunParams,
        response: { 200: RunWithResult, 404: ProblemDetails },
      },
    },
    async ({ params }) => {
      const run = await stored(params.runId);
      const result = run.state === 'done' ? await cluster.runs.result(run.runId) : null;
      return { ...publicRun(run), result };
    },
  );

  app.get(
    '/runs/:runId/samples',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listSamples',
        summary: 'the samples of a run, oldest first; for a live run, continue from nextCursor',
        ...secured,
        params: RunParams,
        querystring: SamplesPage,
        response: {
          200: Type.Object({
            samples: Type.Array(Sample),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
          404: ProblemDetails,
        },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const { runId } = await stored(request.params.runId);
      const entries = await cluster.runs.samples(runId, cursor ?? null, limit);
      const samples = entries.flatMap(({ id, text }) => {
        const sample = readSample(text);
        if (sample === null) request.log.warn({ runId, id }, 'sample is not valid; left out');
        return sample === null ? [] : [sample];
      });
      return { samples, nextCursor: entries.at(-1)?.id ?? cursor ?? null };
    },
  );
};
