import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { BASELINE_NAME_PATTERN, Baseline, BaselineRequest } from '@oversoak/contracts';
import { Type } from 'typebox';
import { ProblemDetails, RequestProblem, tooMany } from '../plugins/problems.ts';
import { MAX_BASELINES } from '../store/baselines.ts';
import { redisTimeMs } from '../store/redis.ts';
import type { Cluster } from './cluster.ts';

const Name = Type.Object({
  name: Type.String({ pattern: BASELINE_NAME_PATTERN, examples: ['main'] }),
});

const secured = { security: [{ token: [] }], tags: ['baselines'] };

export const baselineRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster: { baselines, soaks, runs, redis } },
) => {
  /** Every comparison with a soak without figures would be unknown. */
  const requireFigures = async (soakId: string) => {
    const stored = await soaks.get(soakId);
    if (stored === null || stored.progress.done < stored.soak.runIds.length) return;
    const records = await runs.getAll(stored.soak.runIds);
    // The cells of the baseline that it was compared with are not pinned.
    if (records.some((run) => run.cell.side === undefined && run.judgement?.loadSound)) return;
    const detail = 'none of its runs had a sound load, so it has no figures to compare with';
    throw new RequestProblem(422, `soak "${soakId}" cannot be pinned`, [
      { pointer: '/soakId', detail },
    ]);
  };

  /** A base can only begin with one of the schedule's own nights. */
  const requireNightOf = async (schedule: string, soakId: string) => {
    const stored = await soaks.get(soakId);
    const origin = stored?.soak.origin;
    if (stored === null || (origin?.kind === 'schedule' && origin.schedule === schedule)) return;
    throw new RequestProblem(422, `soak "${soakId}" cannot begin a base`, [
      { pointer: '/schedule', detail: `is "${schedule}", but the soak is not one of its own` },
    ]);
  };

  app.put(
    '/baselines/:name',
    {
      config: { access: 'operator', changes: true },
      schema: {
        operationId: 'pinBaseline',
        summary: 'pin a finished soak under a name; replaces the soak that had the name',
        ...secured,
        params: Name,
        body: BaselineRequest,
        response: { 200: Baseline, 404: ProblemDetails, 409: ProblemDetails, 422: ProblemDetails },
      },
    },
    async ({ params: { name }, body: { soakId, note, schedule } }) => {
      await requireFigures(soakId);
      if (schedule !== undefined) await requireNightOf(schedule, soakId);
      const pinnedAtMs = Math.floor(await redisTimeMs(redis));
      const baseline: Baseline = { name, soakId, note, pinnedAtMs, schedule: schedule ?? null };
      const refused = { pointer: '/soakId', detail: 'is not done yet; pin it afterwards' };
      switch (await baselines.pin(baseline)) {
        case 'pinned':
          return baseline;
        case 'not done':
          throw new RequestProblem(409, `soak "${soakId}" cannot be pinned`, [refused]);
        case 'full':
          throw tooMany('baselines', MAX_BASELINES);
        case 'no soak':
          throw new RequestProblem(404, `no soak "${soakId}"`, [
            { pointer: '/soakId', detail: 'there is no such soak' },
          ]);
      }
    },
  );

  app.get(
    '/baselines',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listBaselines',
        summary: 'baselines by name',
        ...secured,
        response: { 200: Type.Object({ baselines: Type.Array(Baseline) }) },
      },
    },
    async () => ({ baselines: await baselines.list() }),
  );

  app.get(
    '/baselines/:name',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getBaseline',
        summary: 'a baseline',
        ...secured,
        params: Name,
        response: { 200: Baseline, 404: ProblemDetails },
      },
    },
    async ({ params: { name } }) => {
      const baseline = await baselines.get(name);
      if (baseline === null) throw new RequestProblem(404, `no baseline "${name}"`);
      return baseline;
    },
  );

  app.delete(
    '/baselines/:name',
    {
      config: { access: 'operator', changes: true },
      schema: {
        operationId: 'unpinBaseline',
        summary: 'remove a baseline; its soak stays, and retention may delete it from now on',
        ...secured,
        params: Name,
        response: { 204: Type.Null(), 404: ProblemDetails },
      },
    },
    async ({ params: { name } }, reply) => {
      if (!(await baselines.unpin(name))) throw new RequestProblem(404, `no baseline "${name}"`);
      return await reply.code(204).send(null);
    },
  );
};
