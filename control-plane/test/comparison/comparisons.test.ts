import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  fleetResult,
  fleetWindows,
  latencies,
  madeResult,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import type { Redis } from 'ioredis';
import { compareStored } from '../../src/comparison/compare-stored.ts';
import { Comparisons, type ComparisonsDeps } from '../../src/comparison/comparisons.ts';
import { publicRun } from '../../src/model/run-record.ts';
import { Baselines } from '../../src/store/baselines.ts';
import { connect } from '../../src/store/redis.ts';
import { Runs } from '../../src/store/runs.ts';
import { Soaks, type StoredSoak } from '../../src/store/soaks.ts';
import { storeSoak } from '../stored-soaks.ts';

const NIGHT = 1440;

describe('comparisons', () => {
  let server: RedisServer;
  let redis: Redis;
  let plane: { soaks: Soaks; runs: Runs; baselines: Baselines };
  let stored: StoredSoak;
  const open: Comparisons[] = [];
  before(async () => {
    server = await RedisServer.start();
    redis = connect(server.url);
    plane = {
      ...{ soaks: new Soaks(redis), runs: new Runs(redis), baselines: new Baselines(redis) },
    };
    stored = await storedAs('soak-a');
    await storedAs('soak-b');
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((comparisons) => comparisons.close()));
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
  });

  async function storedAs(soakId: string): Promise<StoredSoak> {
    await storeSoak(plane, soakId, { spec: { repeats: 3 } });
    const found = await plane.soaks.get(soakId);
    assert.ok(found !== null);
    return found;
  }

  function comparisons(more: Partial<ComparisonsDeps> = {}): Comparisons {
    const made = new Comparisons({
      ...{ redisUrl: server.url, stores: plane },
      ...{ quotas: { comparisons: 4 }, fewBytes: 0, threads: 1, ...more },
    });
    open.push(made);
    return made;
  }

  it('are the same in a thread as without', async () => {
    const [here, there] = [comparisons({ fewBytes: Number.POSITIVE_INFINITY }), comparisons()];
    assert.deepEqual(await there.soak(stored, 'a'), await compareStored(stored.soak, plane.runs));
    assert.deepEqual(
      await there.two('soak-a', 'soak-b', 'a'),
      await here.two('soak-a', 'soak-b', 'a'),
    );
    assert.deepEqual(await there.report(stored, 'a'), await here.report(stored, 'a'));
    const unknown = await there.two('soak-a', 'soak-none', 'a');
    assert.equal('status' in unknown && unknown.status, 404);
  });

  it('are computed once for concurrent callers, and cached for a while', async () => {
    const pool = comparisons();
    const [one, two] = await Promise.all([pool.soak(stored, 'a'), pool.soak(stored, 'b')]);
    assert.equal(one, two);
    assert.equal(await pool.soak(stored, 'c'), one);
    const { progress } = stored;
    const later = { ...stored, progress: { ...progress, done: progress.done + 1 } };
    assert.notEqual(await pool.soak(later, 'a'), one, 'another run is done');
  });

  it('are bounded for each token, and for all of them', async () => {
    const pool = comparisons({ quotas: { comparisons: 2 }, maxWaiting: 1 });
    const others = await Promise.all(
      ['soak-c', 'soak-d', 'soak-e', 'soak-f'].map((soakId) => storedAs(soakId)),
    );
    const [c, d, e, f] = others.map((soak, index) =>
      pool.soak(soak, index < 2 ? 'a' : 'b').then(
        () => null,
        (error: unknown) => error as { statusCode: number; quota?: string },
      ),
    );
    const overQuota = { statusCode: 429, quota: 'comparisons' };
    await assert.rejects(pool.soak(stored, 'a'), overQuota);
    // One runs and one waits.
    const refused = (await Promise.all([c, d, e, f])).filter((error) => error !== null);
    assert.ok(refused.length >= 1);
    for (const error of refused) assert.equal(error?.statusCode, 503);
    assert.ok((await pool.soak(stored, 'a')).cells.length > 0);
  });

  it('of nights do not block the thread that answers requests', async () => {
    const soak = await storeSoak(plane, 'soak-night', { spec: { repeats: 2 }, verdict: null });
    for (const run of await plane.runs.getAll(soak.runIds)) {
      const judgement = { verdict: 'passed' as const, reasons: [], loadSound: true };
      const done = { ...run, version: 2, state: 'done' as const, judgement };
      const intended = latencies(2000, 2, run.index);
      const fleet = fleetResult();
      fleet.series.windows = fleetWindows(NIGHT, () => ({ intended }));
      const serving = serverResult();
      serving.series.windows = serverWindows(NIGHT);
      const fleets = { 'agent-b': fleet };
      const result = madeResult({ run: publicRun(done), spec: soak.spec, server: serving, fleets });
      assert.ok(await plane.runs.store(run, done, { result, reports: 0, figures: null }));
    }
    const night = await plane.soaks.get('soak-night');
    assert.ok(night !== null);
    const longestMs = async (pool: Comparisons) => {
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      await pool.report(night, 'a');
      delay.disable();
      return delay.max / 1e6;
    };
    const [without, within] = [
      await longestMs(comparisons({ fewBytes: Number.POSITIVE_INFINITY })),
      await longestMs(comparisons()),
    ];
    assert.ok(within < without / 2, `${within} ms, and ${without} ms without a thread`);
  });
});
