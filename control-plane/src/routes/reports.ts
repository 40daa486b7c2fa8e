import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { reportHtml } from '@oversoak/console';
import { SoakReport } from '@oversoak/contracts';
import { Type } from 'typebox';
import { soakReport } from '../comparison/soak-report.ts';
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
        response: { 200: SoakReport, 404: ProblemDetails },
      },
    },
    async ({ params: { soakId }, query: { format }, headers }, reply) => {
      const stored = await cluster.soaks.get(soakId);
      if (stored === null) throw new RequestProblem(404, `no soak "${soakId}"`);
      const { soak } = stored;
      const records = await cluster.runs.getAll(soak.runIds);
      const report: SoakReport = {
        soak: soakView(stored, records, null),
        ...(await soakReport(soak, cluster.runs)),
        writtenAtMs: Math.floor(await cluster.nowMs()),
      };
      const wanted = formatOf(FORMATS, format, headers.accept);
      if (wanted === 'json') return report;
      return await sendText(reply, wanted, await reportHtml({ kind: 'soak', report }));
    },
  );
};
