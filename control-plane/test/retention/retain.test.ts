import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { LONG, reach, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { RETENTION, type Retention } from '../../src/retention/decision.ts';
import { retain } from '../../src/retention/retain.ts';
import type { Cluster } from '../../src/routes/cluster.ts';
import { runSamplesKey } from '../../src/store/names.ts';
import { redisTimeMs } from '../../src/store/redis.ts';
import type { StoredSoak } from '../../src/store/soaks.ts';

const DAY_MS = 86_400_000;

describe('retention', () => {
  let bench: TestCluster;
  let plane: Cluster;
  before(async () => {
    bench = await TestCluster.start();
  });
  after(async () => {
    await bench.clear();
    await bench.stop();
  });
  beforeEach(async () => {
    await bench.clear();
    await bench.agents();
    plane = await bench.plane();
  });

  /** Sweeps as it will be in so many days. */
  const sweep = (inDays: number, retention: Partial<Retention> = {}, pinned: string[] = []) =>
    retain({
      soaks: plane.soaks,
      pinned: async () => new Set(pinned),
      retention: { ...RETENTION, ...retention },
      nowMs: async () => (await redisTimeMs(bench.redis)) + inDays * DAY_MS,
      log: silentLog,
    });
  const done = async (repeats = 1): Promise<StoredSoak> => {
    const stored = await submit(plane, { repeats });
    for (const runId of stored.soak.runIds) await reach(plane, runId, 'done');
    return stored;
  };
  const keysOf = async ({ soak }: StoredSoak) => {
    const suffix = soak.soakId.slice('soak-'.length);
    return (await bench.redis.keys(`oversoak:*${suffix}*`)).sort();
  };
  const listed = async () =>
    (await plane.soaks.list(null, 100)).soaks.map(({ soak }) => soak.soakId);

  it('deletes all data of a soak, and none of another', async () => {
    const first = await done(2);
    const second = await done();
    const kept = await keysOf(second);
    assert.equal((await keysOf(first)).length, 9);
    await sweep(0, { soaks: 1 });
    assert.deepEqual(await keysOf(first), []);
    assert.deepEqual(await keysOf(second), kept);
    assert.deepEqual(await listed(), [second.soak.soakId]);
    assert.equal(await plane.soaks.get(first.soak.soakId), null);
    assert.equal(await plane.runs.get(first.soak.runIds[0] ?? ''), null);
  });

  it('never deletes a soak that is not done, nor a pinned one', async () => {
    const pinned = await done();
    const open = await submit(plane, { phases: LONG, repeats: 2 });
    await reach(plane, open.soak.runIds[0], 'measuring');
    await sweep(10_000, { soaks: 1 }, [pinned.soak.soakId]);
    assert.deepEqual(await listed(), [open.soak.soakId, pinned.soak.soakId]);
    assert.equal(await plane.soaks.delete(open.soak), false);
    await plane.cancel(open);
    for (const runId of open.soak.runIds) await reach(plane, runId, 'done');
    await sweep(10_000, { soaks: 1 }, [pinned.soak.soakId]);
    assert.deepEqual(await listed(), [pinned.soak.soakId]);
  });

  it('deletes samples before the soak, and its result stays', async () => {
    const { soak } = await done();
    const [runId = ''] = soak.runIds;
    assert.equal(await bench.redis.exists(runSamplesKey(runId)), 1);
    await sweep(6);
    assert.equal(await bench.redis.exists(runSamplesKey(runId)), 1);
    await sweep(8);
    assert.equal(await bench.redis.exists(runSamplesKey(runId)), 0);
    assert.equal((await plane.soaks.get(soak.soakId))?.progress.samplesDeleted, true);
    assert.equal((await plane.runs.result(runId))?.run.state, 'done');
  });

  it('is harmless when two sweep at the same time', async () => {
    const soaks = [await done(), await done(), await done()];
    await Promise.all([sweep(0, { soaks: 1 }), sweep(0, { soaks: 1 })]);
    assert.deepEqual(await listed(), [soaks[2]?.soak.soakId]);
  });

  it('sweeps when a control plane starts, with its settings', async () => {
    await done();
    const { soak } = await done();
    const swept = await bench.plane({}, { retention: { ...RETENTION, soaks: 1 } });
    await reach(swept, soak.runIds[0], 'done');
    await bench.end(swept);
    assert.deepEqual(await listed(), [soak.soakId]);
  });

  it('leaves gaps that a list skips', async () => {
    const soaks = [await done(), await done(), await done(), await done()];
    const ids = soaks.map(({ soak }) => soak.soakId);
    assert.equal(await plane.soaks.delete(soaks[1]?.soak as never), true);
    const first = await plane.soaks.list(null, 2);
    assert.deepEqual(
      first.soaks.map(({ soak }) => soak.soakId),
      [ids[3], ids[2]],
    );
    assert.equal(first.next, ids[2]);
    assert.equal(await plane.soaks.delete(soaks[2]?.soak as never), true);
    const second = await plane.soaks.list(first.next, 2);
    assert.deepEqual([second.soaks.map(({ soak }) => soak.soakId), second.next], [[ids[0]], null]);
  });
});
