import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { SoakDifference } from '@oversoak/contracts';
import { Type } from 'typebox';
import { compareTwo } from '../comparison/compare-two.ts';
import { differenceCsv } from '../comparison/difference-csv.ts';
import { differenceMarkdown } from '../comparison/difference-markdown.ts';
import { SELECTOR_FORMS } from '../comparison/selector.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import type { Cluster } from './cluster.ts';

const Selector = Type.String({ maxLength: 300, description: `one of ${SELECTOR_FORMS}` });

const Query = Type.Object(
  {
    left: Selector,
    right: Selector,
    format: Type.Optional(
      Type.Enum(['json', 'csv', 'markdown'], { description: 'default: by the Accept header' }),
    ),
  },
  { additionalProperties: false },
);

const TEXTS = {
  csv: { type: 'text/csv', write: differenceCsv },
  markdown: { type: 'text/markdown', write: differenceMarkdown },
} as const;

function acceptedFormat(accept = ''): 'json' | keyof typeof TEXTS {
  if (accept.includes(TEXTS.csv.type)) return 'csv';
  return accept.includes(TEXTS.markdown.type) ? 'markdown' : 'json';
}

export const comparisonRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  app.get(
    '/comparisons',
    {
      config: { access: 'reader' },
      schema: {
        summary: 'two soaks, or cells of them, side by side, as JSON, CSV or Markdown',
        security: [{ token: [] }],
        tags: ['comparisons'],
        querystring: Query,
        response: { 200: SoakDifference, 400: ProblemDetails, 404: ProblemDetails },
      },
    },
    async ({ query: { left, right, format }, headers }, reply) => {
      const difference = await compareTwo({ left, right }, cluster);
      if ('problems' in difference) {
        const { status, problems } = difference;
        throw new RequestProblem(status, 'a side of the comparison does not exist', problems);
      }
      const wanted = format ?? acceptedFormat(headers.accept);
      if (wanted === 'json') return difference;
      const { type, write } = TEXTS[wanted];
      // The body is already text; the route's JSON serializer would quote it.
      reply.type(`${type}; charset=utf-8`).serializer((text: unknown) => String(text));
      return await reply.send(write(difference) as never);
    },
  );
};
