import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { madeNight } from '@oversoak/testing/builders/made-nights';
import { TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import { BASE_NIGHTS } from '../../src/comparison/change-detection.ts';
import { fingerprint } from '../../src/comparison/night.ts';
import { changeSchedule } from '../../src/schedules/change-schedule.ts';
import { Nights } from '../../src/store/nights.ts';
import { connect } from '../../src/store/redis.ts';

const NAME = 'nightly';
const spec = madeSpec();
const schedule = {
  ...{ cron: '0 2 1 1 *', timeZone: 'UTC', enabled: true, overlap: 'skip' as const },
  ...{ confirmSuspects: true, spec },
};

describe('a schedule that confirms suspects', () => {
  let bench: TestCluster;
  before(async () => {
    bench = await TestCluster.start();
  });
  afterEach(() => bench.clear());
  after(() => bench.stop());

  it('submits a confirming soak when a finished soak makes a regression suspect', async () => {
    await bench.agents();
    const plane = await bench.plane();
    await bench.plane();
    await changeSchedule(NAME, schedule, 'r1', Date.now(), () => {}, plane.schedules);
    // A base far below what the agents of the tests measure, and one as they do.
    const redis = connect(bench.server.url);
    const nights = new Nights(redis);
    const values = [...Array.from({ length: BASE_NIGHTS }, () => 1), 1000];
    for (const [index, value] of values.entries()) {
      const measures = fingerprint(spec);
      assert.equal(await nights.keep(NAME, madeNight(index, value, { measures })), true);
    }
    redis.disconnect();
    const submitted = await plane.runSchedule(NAME, { key: 'k', fingerprint: 'f' });
    assert.ok(submitted !== null && 'soakId' in submitted);

    const trend = await until('the confirming soak is part of the trend', async () => {
      const found = await plane.trends.trend(NAME);
      return found?.series[0]?.points.length === BASE_NIGHTS + 3 ? found : null;
    });
    const entries = await plane.schedules.entries(NAME, null, 10);
    assert.deepEqual(
      entries.map(({ cause, outcome }) => [cause, outcome]),
      [
        ['confirm', 'submitted'],
        ['manual', 'submitted'],
      ],
    );
    assert.equal(entries[0]?.tickAtMs, (entries[1]?.tickAtMs ?? 0) + 1);
    assert.match(
      entries[0]?.note ?? '',
      new RegExp(`^${submitted.soakId} suggests a regression: .*p99`),
    );
    const p99 = trend.series.find(({ metric }) => metric === 'echo.latency.p99');
    assert.deepEqual(
      p99?.points.slice(-3).map(({ cause, state }) => [cause, state]),
      [
        ['tick', 'none'],
        ['manual', 'suspect'],
        ['confirm', 'regression'],
      ],
    );
    assert.equal(p99?.change?.sinceSoakId, `soak-${BASE_NIGHTS}`);
  });
});
