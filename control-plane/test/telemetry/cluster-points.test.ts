import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CellTally } from '../../src/store/cells.ts';
import { type ClusterRead, clusterPoints } from '../../src/telemetry/cluster-points.ts';

const DAY_MS = 86_400_000;
const cell: CellTally = {
  ...{ soakName: 'made', schedule: null },
  ...{ cell: 'iocp.homo.10', notifier: 'iocp', layout: 'homo' },
  verdicts: { passed: 3, failed: 1, inconclusive: 0, cancelled: 0 },
  figures: {
    ...{ atMs: 0, platform: 'wine', p99Us: 2500 },
    drift: [
      { metric: 'workingSet', slope: -7, low: -9, high: 2 },
      { metric: 'p99', slope: 50, low: null, high: null },
    ],
  },
};
const nothing: ClusterRead = {
  ...{ sinceMs: 5, nowMs: 10, cells: [], schedules: [], agents: [] },
  ...{ queues: new Map(), refused: {} },
};

/** Values of a metric by its attributes but those of the cell. */
function pointsOf(read: Partial<ClusterRead>, metric: string) {
  const points = clusterPoints({ ...nothing, ...read }).filter((one) => one.metric === metric);
  assert.ok(points.every(({ startMs }) => startMs === 5));
  return points.map(({ value, attributes }) => [Object.values(attributes).join(' '), value]);
}

describe('the points of a cluster', () => {
  it('count the runs of a cell by verdict, with 0 for verdicts without runs', () => {
    assert.deepEqual(pointsOf({ cells: [cell] }, 'oversoak.runs'), [
      ['made iocp.homo.10 iocp homo passed', 3],
      ['made iocp.homo.10 iocp homo failed', 1],
      ['made iocp.homo.10 iocp homo inconclusive', 0],
      ['made iocp.homo.10 iocp homo cancelled', 0],
    ]);
  });

  it('contain the figures of its last run, in seconds, with its platform and schedule', () => {
    const cells = [{ ...cell, schedule: 'night' }];
    const series = 'made night iocp.homo.10 iocp homo wine';
    assert.deepEqual(pointsOf({ cells }, 'oversoak.run.p99'), [[series, 0.0025]]);
    assert.deepEqual(pointsOf({ cells }, 'oversoak.run.drift.memory'), [
      [`${series} slope workingSet`, -7],
      [`${series} low workingSet`, -9],
      [`${series} high workingSet`, 2],
    ]);
    assert.deepEqual(pointsOf({ cells }, 'oversoak.run.drift.p99'), [[`${series} slope`, 0.00005]]);
  });

  it('contain no figure that is unknown or too old', () => {
    const { figures } = cell;
    assert.ok(figures !== null);
    const without = { ...cell, figures: { ...figures, p99Us: null } };
    assert.deepEqual(pointsOf({ cells: [without] }, 'oversoak.run.p99'), []);
    assert.deepEqual(
      pointsOf({ cells: [{ ...cell, figures: null }] }, 'oversoak.run.drift.memory'),
      [],
    );
    for (const [days, points] of [
      [29, 1],
      [31, 0],
    ] as const) {
      const read = { cells: [cell], nowMs: days * DAY_MS };
      assert.equal(pointsOf(read, 'oversoak.run.p99').length, points);
      assert.equal(pointsOf(read, 'oversoak.runs').length, 4);
    }
  });

  it('contain the verdict of a schedule, how many series became worse, and whether it stopped', () => {
    const schedules = [
      { name: 'night', verdict: 'failed', regressions: 2, stopped: false },
      { name: 'new', verdict: null, regressions: null, stopped: true },
    ] as const;
    assert.deepEqual(pointsOf({ schedules }, 'oversoak.schedule.verdict'), [
      ['night passed', 0],
      ['night failed', 1],
      ['night inconclusive', 0],
      ['night cancelled', 0],
    ]);
    assert.deepEqual(pointsOf({ schedules }, 'oversoak.regressions'), [['night', 2]]);
    assert.deepEqual(pointsOf({ schedules }, 'oversoak.schedule.stopped'), [
      ['night', 0],
      ['new', 1],
    ]);
  });

  it('contain agents, queues and refused reports', () => {
    const agents = [{ state: 'lost', platform: 'wine', count: 2 }] as const;
    assert.deepEqual(pointsOf({ agents }, 'oversoak.agents'), [['lost wine', 2]]);
    const queues = new Map([['agents', 4]]);
    assert.deepEqual(pointsOf({ queues }, 'oversoak.queue.length'), [['agents', 4]]);
    const refused = { invalid: 3, 'of an older oversoak': 9 };
    const reasons = pointsOf({ refused }, 'oversoak.reports.refused');
    assert.deepEqual(reasons[0], ['invalid', 3]);
    assert.equal(reasons.length, 6);
    assert.ok(reasons.slice(1).every(([, value]) => value === 0));
  });
});
