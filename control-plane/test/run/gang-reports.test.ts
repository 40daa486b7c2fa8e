// The reports of a gang, from the moment they are read until they may be confirmed, on a real Redis.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Report } from '@oversoak/contracts';
import { OFF } from '@oversoak/telemetry';
import { environment } from '@oversoak/testing/builders/made-agents';
import { MADE_GANG, madeRun } from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import { Redis } from 'ioredis';
import { RUN_LIMITS } from '../../src/model/run-limits.ts';
import type { RunRecord } from '../../src/model/run-record.ts';
import { Driver } from '../../src/run/driver.ts';
import { GangReports } from '../../src/run/gang-reports.ts';
import { AT_WORK_KEY, runKey } from '../../src/store/names.ts';
import { Runs } from '../../src/store/runs.ts';
import { RunTraces } from '../../src/telemetry/run-traces.ts';

const MEMBERS = 9;
const gang = Array.from({ length: MEMBERS }, (_, index) => ({
  ...MADE_GANG[index === 0 ? 0 : 1],
  agentId: `agent-${index}`,
}));
const about = { environment: environment(), clockOffsetMs: 0 };
const preparedOf = ({ agentId, role }: (typeof gang)[number]): Report => ({
  ...{ kind: 'prepared', runId: 'run-1', epoch: 1, agentId, role, atMs: 1, ...about },
  ...(role === 'server' ? { port: 5000 } : {}),
});

describe('the reports of a gang', () => {
  let server: RedisServer;
  let redis: Redis;
  before(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
  });
  afterEach(() => redis.flushall());
  after(async () => {
    redis.disconnect();
    await server.stop();
  });

  /** Stored as the process that allocated the gang stored it; `effected`: and had sent its jobs. */
  async function preparing(effected = true): Promise<RunRecord> {
    const allocating = madeRun({ state: 'allocating', version: 2 });
    const run = { ...allocating, state: 'preparing', version: 3, epoch: 1, gang } as const;
    const { version, state } = allocating;
    const record = JSON.stringify(allocating);
    await redis.hset(runKey('run-1'), { version, state, record, effected: 2 });
    const timed = { ...run, deadlineMs: Date.now() + 60_000 };
    assert.ok(await new Runs(redis).store(allocating, timed, null));
    if (effected) await new Runs(redis).effectsDone(timed);
    return timed;
  }

  function desk() {
    const seen = { stores: 0, sent: [] as string[] };
    const runs = new Runs(redis);
    const counted = Object.assign(Object.create(runs) as Runs, {
      store: async (...given: Parameters<Runs['store']>) => {
        seen.stores++;
        return await runs.store(...given);
      },
      get: (runId: string) => runs.get(runId),
      keepReports: (runId: string, reports: readonly Report[]) => runs.keepReports(runId, reports),
      effectsDone: (run: RunRecord) => runs.effectsDone(run),
    });
    const sending = Promise.withResolvers<void>();
    sending.promise.catch(() => undefined);
    const nowMs = async () => Date.now();
    const driver = new Driver({
      runs: counted,
      soaks: { get: async () => null },
      queues: {
        dispatch: async () => {},
        timer: async () => {},
        send: async (agentId, job) => {
          await sending.promise;
          seen.sent.push(`${job.kind} ${agentId}`);
        },
      },
      traces: new RunTraces({ telemetry: OFF, soakFacts: { of: async () => null }, nowMs }),
      soakEnds: { notify: async () => {} },
      nowMs,
      limits: RUN_LIMITS,
      log: silentLog,
    });
    return { seen, runs, sending, reports: new GangReports(driver) };
  }
  const stateOf = async (runs: Runs) => (await runs.get('run-1'))?.state;
  const effectedOf = async () => Number(await redis.hget(runKey('run-1'), 'effected'));

  it('that come together are stored in one step', async () => {
    await preparing();
    const { seen, runs, sending, reports } = desk();
    sending.resolve();
    // Read together, and taken within one turn of the event loop: a parse takes longer than another.
    const taken = await Promise.all(
      gang.map(async (member, index) => {
        for (let ticks = 0; ticks < index; ticks++) await null;
        return await reports.take(preparedOf(member));
      }),
    );
    assert.deepEqual(new Set(taken), new Set([null]));
    assert.equal(seen.stores, 1);
    assert.equal(await stateOf(runs), 'starting');
    assert.equal((await runs.reports('run-1')).length, MEMBERS);
    assert.equal(seen.sent.length, MEMBERS);
    assert.equal(await effectedOf(), (await runs.get('run-1'))?.version);
  });

  it('are confirmed when the jobs that follow from them are sent, and not before', async () => {
    await preparing();
    const { runs, sending, reports } = desk();
    let confirmed = 0;
    const taken = gang.map((member) => reports.take(preparedOf(member)).then(() => confirmed++));
    await until('the step is stored', async () => (await stateOf(runs)) === 'starting');
    // One more turn of everything that does not wait for the jobs.
    assert.equal(await stateOf(runs), 'starting');
    assert.equal(confirmed, 0);
    sending.resolve();
    await Promise.all(taken);
    assert.equal(confirmed, MEMBERS);
  });

  it('are not confirmed if a job could not be sent, and do nothing when they come again', async () => {
    await preparing();
    const { runs, sending, reports } = desk();
    const taken = gang.map((member) => reports.take(preparedOf(member)));
    sending.reject(new Error('Redis is away'));
    const results = await Promise.allSettled(taken);
    assert.deepEqual(new Set(results.map(({ status }) => status)), new Set(['rejected']));
    const stored = await runs.get('run-1');
    assert.equal(stored?.state, 'starting');
    const again = desk();
    assert.deepEqual(
      await Promise.all(gang.map((member) => again.reports.take(preparedOf(member)))),
      gang.map(() => null),
    );
    assert.deepEqual(await runs.get('run-1'), stored);
    // The watch repeats what is missing, since nothing has confirmed it.
    const [open] = await runs.atWork();
    assert.ok(open !== undefined && open.effectedVersion < open.run.version);
  });

  it('confirm no jobs that another process has not sent', async () => {
    const run = await preparing(false);
    assert.equal(await redis.sismember(AT_WORK_KEY, 'run-1'), 1);
    const { runs, reports } = desk();
    const [first] = gang;
    assert.ok(first !== undefined);
    assert.equal(await reports.take(preparedOf(first)), null);
    const [open] = await runs.atWork();
    assert.ok(open !== undefined && open.run.version > run.version);
    assert.equal(open.effectedVersion, 2);
    // That process was only slow: its jobs are all that was missing.
    await runs.effectsDone(run);
    assert.equal(await effectedOf(), open.run.version);
  });

  it('are gathered while others of the same run are stored, but not those of other runs', async () => {
    const steps: string[][] = [];
    const first = Promise.withResolvers<void>();
    const reports = new GangReports({
      report: async (runId, some) => {
        steps.push(some.map(({ agentId }) => `${runId} ${agentId}`));
        if (runId === 'run-1' && steps.length === 1) await first.promise;
        return some.map(() => null);
      },
    });
    const take = (runId: string, agentId: string) =>
      reports.take({ kind: 'started', runId, epoch: 1, agentId, role: 'fleet', atMs: 1 });
    const one = take('run-1', 'a');
    await until('it is being stored', async () => steps.length === 1);
    const more = [take('run-1', 'b'), take('run-1', 'c')];
    await take('run-2', 'd');
    first.resolve();
    await Promise.all([one, ...more]);
    assert.deepEqual(steps, [['run-1 a'], ['run-2 d'], ['run-1 b', 'run-1 c']]);
  });
});
