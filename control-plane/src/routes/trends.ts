import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { SCHEDULE_NAME_PATTERN, Trend } from '@oversoak/contracts';
import { Type } from 'typebox';
import { shownTrend } from '../comparison/trend.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import { findStoppedReason } from '../schedules/stopped-reason.ts';
import type { Cluster } from './cluster.ts';
import { noSchedule } from './schedules.ts';

const Name = Type.Object({
  name: Type.String({ pattern: SCHEDULE_NAME_PATTERN, examples: ['nightly'] }),
});

const Query = Type.Object(
  {
    limit: Type.Integer({
      default: 30,
      minimum: 1,
      maximum: 1000,
      description: 'number of newest soaks shown for each series; all of them are judged',
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
      config: { access: 'reader' },
      schema: {
        operationId: 'getTrend',
        summary: 'whether the soaks of a schedule became worse, metric by metric',
        security: [{ token: [] }],
        tags: ['schedules'],
        params: Name,
        querystring: Query,
        response: { 200: Trend, 404: ProblemDetails },
      },
    },
    async ({ params: { name }, query: { limit } }) => {
      const { schedules, trends } = cluster;
      const trend = await trends.trend(name);
      const stored = await schedules.get(name);
      if (trend === null) {
        const why = stored === null ? noSchedule(name) : `schedule "${name}" has no finished soak`;
        throw new RequestProblem(404, why);
      }
      const stopped = stored && (await findStoppedReason(stored, schedules, await cluster.nowMs()));
      const notes = stopped === null ? [] : [`the schedule has stopped: ${stopped}`];
      return { ...shownTrend(trend, limit), notes: [...notes, ...trend.notes] };
    },
  );
};
