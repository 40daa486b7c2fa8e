import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { SoakDifference } from '@oversoak/contracts';
import { Type } from 'typebox';
import { differenceCsv } from '../comparison/difference-csv.ts';
import { differenceMarkdown } from '../comparison/difference-markdown.ts';
import { SELECTOR_FORMS } from '../comparison/selector.ts';
import { ownerOf } from '../plugins/auth.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import type { Cluster } from './cluster.ts';
import { formatField, formatOf, sendText } from './text-format.ts';

const Selector = Type.String({ maxLength: 300, description: `one of ${SELECTOR_FORMS}` });

const WRITE = { csv: differenceCsv, markdown: differenceMarkdown } as const;
const FORMATS = ['csv', 'markdown', 'html'] as const;

const Query = Type.Object(
  {
    left: Selector,
    right: Selector,
    format: formatField(FORMATS),
  },
  { additionalProperties: false },
);

export const comparisonRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  app.get(
    '/comparisons',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'compareTwo',
        summary:
          'two soaks, or cells of them, side by side, as JSON, CSV, Markdown or one HTML file',
        security: [{ token: [] }],
        tags: ['comparisons'],
        querystring: Query,
        response: {
          200: SoakDifference,
          400: ProblemDetails,
          404: ProblemDetails,
          429: ProblemDetails,
          503: ProblemDetails,
        },
      },
    },
    async ({ query: { left, right, format }, headers, caller }, reply) => {
      const { comparisons } = cluster;
      const owner = ownerOf(caller);
      const difference = await comparisons.two(left, right, owner);
      if ('problems' in difference) {
        const { status, problems } = difference;
        throw new RequestProblem(status, 'a side of the comparison does not exist', problems);
      }
      const wanted = formatOf(FORMATS, format, headers.accept);
      if (wanted === 'json') return difference;
      if (wanted !== 'html') return await sendText(reply, wanted, WRITE[wanted](difference));
      const writtenAtMs = Math.floor(await cluster.nowMs());
      const content = { kind: 'comparison', difference, writtenAtMs } as const;
      return await sendText(reply, wanted, await comparisons.html(content, owner));
    },
  );
};
