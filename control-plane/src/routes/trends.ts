import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { SCHEDULE_NAME_PATTERN, Trend } from '@oversoak/contracts';
import { Type } from 'typebox';
import type { Cluster } from '../cluster.ts';
import { trendStored } from '../comparison/trend-stored.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';

const Name = Type.Object({ name: Type.String({ pattern: SCHEDULE_NAME_PATTERN }) });

const Query = Type.Object(
  {
    limit: Type.Integer({
      default: 30,
      minimum: 3,
      maximum: 100,
      description: 'newest soaks of the schedule that are looked at',
    }),
  },
  { additionalProperties: false },
);

export const trendRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  app.get(
    '/schedules/:name/trend',
    {
      schema: {
        summary: 'whether the soaks of a schedule became worse, metric by metric',
        security: [{ token: [] }],
        tags: ['schedules'],
        params: Name,
        querystring: Query,
        response: { 200: Trend, 404: ProblemDetails },
      },
    },
    async ({ params: { name }, query: { limit } }) => {
      const trend = await trendStored(name, limit, cluster);
      if (trend === null) throw new RequestProblem(404, `no soak of a schedule "${name}" is done`);
      return trend;
    },
  );
};
