import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  HISTORY_CURSOR_PATTERN,
  PageLimit,
  SCHEDULE_NAME_PATTERN,
  Schedule,
  ScheduleEntry,
  ScheduleInput,
  Soak,
  within,
} from '@oversoak/contracts';
import { Type } from 'typebox';
import { ulid } from 'ulid';
import { ProblemDetails, quotaProblem, RequestProblem, tooMany } from '../plugins/problems.ts';
import { validatorOfBody } from '../plugins/validation.ts';
import { JSON_OR_YAML } from '../plugins/yaml.ts';
import { changeSchedule } from '../schedules/change-schedule.ts';
import { validateSchedule } from '../schedules/validate.ts';
import { MAX_SCHEDULES, type StoredSchedule } from '../store/schedules.ts';
import { resolveAgainst } from '../submit/against.ts';
import { durationProblems } from '../submit/submit.ts';
import type { Cluster } from './cluster.ts';
import { entityTag, failedPrecondition, hasIt, Preconditions } from './preconditions.ts';
import { IdempotencyHeaders, keyOfAnotherRequest, requestKeyOf } from './request-key.ts';
import { historyView, scheduleView } from './schedule-view.ts';
import { createdSoak } from './soak-view.ts';

const Name = Type.Object({
  name: Type.String({ pattern: SCHEDULE_NAME_PATTERN, examples: ['nightly'] }),
});

const HistoryPage = Type.Object(
  {
    limit: PageLimit,
    cursor: Type.Optional(
      Type.String({ pattern: HISTORY_CURSOR_PATTERN, description: '`nextCursor` of a page' }),
    ),
  },
  { additionalProperties: false },
);

const secured = { security: [{ token: [] }], tags: ['schedules'] };
const Empty = Type.Unsafe<undefined>({ type: 'null', description: 'no body' });

export const noSchedule = (name: string) => `no schedule "${name}"`;

export const scheduleRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  const { schedules } = cluster;
  const stored = async (name: string) => {
    const schedule = await schedules.get(name);
    if (schedule === null) throw new RequestProblem(404, noSchedule(name));
    return schedule;
  };
  const shown = async (schedule: StoredSchedule) => {
    const view = await scheduleView(schedule, cluster);
    return { view, tag: entityTag(schedule.revision, view) };
  };

  app.put(
    '/schedules/:name',
    {
      config: { access: 'admin', changes: true },
      schema: {
        operationId: 'putSchedule',
        summary: 'create or replace a schedule',
        description:
          'The body replaces the whole schedule, including the webhook and its secret. ' +
          'The control plane itself calls the webhook, signed as Standard Webhooks says.',
        ...secured,
        consumes: JSON_OR_YAML,
        params: Name,
        headers: Preconditions,
        body: ScheduleInput,
        response: {
          200: Schedule,
          201: Schedule,
          400: ProblemDetails,
          409: ProblemDetails,
          412: ProblemDetails,
          422: ProblemDetails,
        },
      },
      validatorCompiler: validatorOfBody((body) => {
        const valid = validateSchedule(body);
        if ('schedule' in valid) return { value: valid.schedule };
        return { error: new RequestProblem(400, 'the schedule is not valid', valid.problems) };
      }),
    },
    async ({ params: { name }, headers, body }, reply) => {
      const tooLong = within('/spec', durationProblems(body.spec, cluster.limits));
      if (tooLong.length > 0) throw new RequestProblem(422, 'this cluster cannot run it', tooLong);
      const held = await resolveAgainst(body.spec, cluster);
      if ('problems' in held) {
        const problems = within('/spec', held.problems);
        throw new RequestProblem(422, 'this cluster cannot run it', problems);
      }
      const nowMs = await cluster.nowMs();
      const refuse = (before: StoredSchedule | null) => {
        const failed = failedPrecondition(headers, before?.revision ?? null);
        if (failed !== null) throw new RequestProblem(412, failed);
      };
      const revision = ulid().toLowerCase();
      const changed = await changeSchedule(name, body, revision, nowMs, refuse, schedules);
      if (changed === 'full') throw tooMany('schedules', MAX_SCHEDULES);
      const created = changed === 'created';
      await cluster.followSchedule(name);
      const { view, tag } = await shown(await stored(name));
      reply.code(created ? 201 : 200).header('etag', tag);
      if (created) reply.header('location', `/v1/schedules/${name}`);
      return view;
    },
  );

  app.get(
    '/schedules',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listSchedules',
        summary: 'every schedule, by name',
        ...secured,
        response: { 200: Type.Object({ schedules: Type.Array(Schedule) }) },
      },
    },
    async () => {
      const all = await Promise.all((await schedules.names()).map((name) => schedules.get(name)));
      const present = all.filter((schedule) => schedule !== null);
      return { schedules: await Promise.all(present.map((one) => scheduleView(one, cluster))) };
    },
  );

  app.get(
    '/schedules/:name',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getSchedule',
        summary: 'a schedule',
        ...secured,
        params: Name,
        headers: Type.Object({ 'if-none-match': Type.Optional(Type.String()) }),
        response: { 200: Schedule, 304: Empty, 404: ProblemDetails },
      },
    },
    async ({ params, headers }, reply) => {
      const { view, tag } = await shown(await stored(params.name));
      reply.header('etag', tag);
      if (hasIt(headers['if-none-match'], tag)) return await reply.code(304).send(undefined);
      return view;
    },
  );

  app.delete(
    '/schedules/:name',
    {
      config: { access: 'admin', changes: true },
      schema: {
        operationId: 'deleteSchedule',
        summary: 'delete a schedule and its history; its soaks stay, and continue',
        ...secured,
        params: Name,
        headers: Preconditions,
        response: { 204: Empty, 404: ProblemDetails, 412: ProblemDetails },
      },
    },
    async ({ params: { name }, headers }, reply) => {
      for (;;) {
        const before = await stored(name);
        const failed = failedPrecondition(headers, before.revision);
        if (failed !== null) throw new RequestProblem(412, failed);
        if (await schedules.delete(before)) break;
      }
      await cluster.followSchedule(name);
      return await reply.code(204).send(undefined);
    },
  );

  app.post(
    '/schedules/:name/run',
    {
      config: { access: 'operator', changes: true },
      schema: {
        operationId: 'runSchedule',
        summary: 'submit its soak now, even if it is disabled or the last soak is not done',
        ...secured,
        params: Name,
        headers: IdempotencyHeaders,
        response: {
          201: Soak,
          404: ProblemDetails,
          410: ProblemDetails,
          422: ProblemDetails,
          429: ProblemDetails,
        },
      },
    },
    async ({ params: { name }, headers, trace }, reply) => {
      await stored(name);
      const given = requestKeyOf(headers['idempotency-key'], ['run', name]);
      const request = given ?? { key: `run-${ulid()}`, fingerprint: 'run' };
      const submitted = await cluster.runSchedule(name, request, trace);
      if (submitted === null) throw new RequestProblem(404, noSchedule(name));
      if ('overQuota' in submitted && submitted.overQuota) throw quotaProblem(submitted.overQuota);
      if ('problems' in submitted) {
        throw new RequestProblem(422, 'no agents can run it', submitted.problems);
      }
      if ('keyOfAnotherRequest' in submitted) throw keyOfAnotherRequest();
      return await createdSoak(submitted.soakId, cluster, reply);
    },
  );

  app.get(
    '/schedules/:name/history',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listTicks',
        summary: 'history of its ticks, newest first; the newest 1,000 are kept',
        ...secured,
        params: Name,
        querystring: HistoryPage,
        response: {
          200: Type.Object({
            entries: Type.Array(ScheduleEntry),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
          404: ProblemDetails,
        },
      },
    },
    async ({ params: { name }, query: { limit, cursor } }) => {
      await stored(name);
      const before = cursor === undefined ? null : Number(cursor);
      const entries = await historyView(name, before, limit, cluster);
      const last = entries.length < limit ? undefined : entries.at(-1);
      return { entries, nextCursor: last === undefined ? null : String(last.tickAtMs) };
    },
  );
};
