import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { SoakReport } from '@oversoak/contracts';
import { Type } from 'typebox';
import { ownerOf } from '../plugins/auth.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import type { Cluster } from './cluster.ts';
import { SoakParams } from './params.ts';
import { soakView } from './soak-view.ts';
import { formatField, formatOf, sendText } from './text-format.ts';

const FORMATS = ['html'] as const;
const Query = Type.Object({ format: formatField(FORMATS) }, { additionalProperties: false });

export const reportRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  app.get(
    '/soaks/:soakId/report',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getReport',
        summary:
          'all that is shown of a soak: its comparison, latency by percentile, runs against time; ' +
          'as JSON or as one HTML file that needs no network',
        security: [{ token: [] }],
        tags: ['soaks'],
        params: SoakParams,
        querystring: Query,
        response: {
          200: SoakReport,
          404: ProblemDetails,
          429: ProblemDetails,
          503: ProblemDetails,
        },
      },
    },
    async ({ params: { soakId }, query: { format }, headers, caller }, reply) => {
      const { comparisons } = cluster;
      const owner = ownerOf(caller);
      const stored = await cluster.soaks.get(soakId);
      if (stored === null) throw new RequestProblem(404, `no soak "${soakId}"`);
      const { soak } = stored;
      const records = await cluster.runs.getAll(soak.runIds);
      const report: SoakReport = {
        soak: soakView(stored, records, null),
        ...(await comparisons.report(stored, owner)),
        writtenAtMs: Math.floor(await cluster.nowMs()),
      };
      const wanted = formatOf(FORMATS, format, headers.accept);
      if (wanted === 'json') return report;
      return await sendText(reply, wanted, await comparisons.html({ kind: 'soak', report }, owner));
    },
  );
};
