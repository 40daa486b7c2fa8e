import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Cell, Origin, Verdict } from '@oversoak/contracts';
import { madeResult, madeRun, madeSpec } from '@oversoak/testing/builders/made-figures';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import type { Redis } from 'ioredis';
import type { CellFigures } from '../../src/model/cell-figures.ts';
import { DEFAULT_QUOTAS } from '../../src/model/quotas.ts';
import { Cells, MAX_CELLS } from '../../src/store/cells.ts';
import { CELLS_KEY } from '../../src/store/names.ts';
import { connect } from '../../src/store/redis.ts';
import { Runs } from '../../src/store/runs.ts';
import { Soaks } from '../../src/store/soaks.ts';

const IOCP: Cell = { notifier: 'iocp', layout: 'homo', sessions: 10 };
const FIGURES: CellFigures = { atMs: 5, platform: 'wine', p99Us: 2000.5, drift: [] };

describe('cells', () => {
  let server: RedisServer;
  let redis: Redis;
  let count = 0;

  before(async () => {
    server = await RedisServer.start();
    redis = connect(server.url);
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
  });
  afterEach(() => redis.flushall());

  /** A run of a soak of its own that became done; answers the record before. */
  const done = async (
    verdict: Verdict,
    {
      cell = IOCP,
      figures = null,
      atMs = 0,
      name = 'made',
      origin = { kind: 'submitted' },
    }: {
      cell?: Cell;
      figures?: CellFigures | null;
      atMs?: number;
      name?: string;
      origin?: Origin;
    } = {},
  ) => {
    const soakId = `soak-${count++}`;
    const runId = `run-${soakId}`;
    const run = madeRun({ runId, soakId, cell, state: 'judging' });
    const soak = { soakId, name, createdAtMs: 0, origin, spec: madeSpec(), runIds: [runId] };
    const account = { owner: 'a-test', quotas: DEFAULT_QUOTAS };
    await new Soaks(redis).create(soak, [run], null, account);
    const judgement = { verdict, reasons: [], loadSound: verdict === 'passed' };
    const ended = { ...run, state: 'done' as const, version: 2, judgement, stateSinceMs: atMs };
    const outcome = { result: madeResult(), reports: 0, figures };
    const stores = [1, 2].map(() => new Runs(redis).store(run, ended, outcome));
    assert.deepEqual((await Promise.all(stores)).sort(), [false, true]);
  };

  it('count each run once, by verdict, and store the figures of the last sound run', async () => {
    await done('passed', { figures: FIGURES });
    await done('passed', { figures: { ...FIGURES, p99Us: null, drift: [] } });
    const drift = [{ metric: 'p99' as const, slope: -0.1234567890123, low: -1, high: null }];
    await done('failed', { figures: { ...FIGURES, drift } });
    await done('inconclusive');
    assert.deepEqual(await new Cells(redis).list(), [
      {
        ...{ soakName: 'made', schedule: null },
        ...{ cell: 'iocp.homo.10', notifier: 'iocp', layout: 'homo' },
        verdicts: { passed: 2, failed: 1, inconclusive: 1, cancelled: 0 },
        figures: { ...FIGURES, drift },
      },
    ]);
  });

  it('are identified by soak name, schedule and cell', async () => {
    const nightly = { kind: 'schedule', schedule: 'night', tickAtMs: 1 } as const;
    await done('cancelled');
    await done('passed', { name: 'other name' });
    await done('passed', { origin: nightly });
    await done('failed', { cell: { notifier: null, layout: null, sessions: 7 } });
    const cells = await new Cells(redis).list();
    assert.deepEqual(
      cells
        .map(({ soakName, schedule, cell, notifier }) =>
          [soakName, schedule, cell, notifier].join(' '),
        )
        .sort(),
      [
        'made  iocp.homo.10 iocp',
        'made  target.7 target',
        'made night iocp.homo.10 iocp',
        'other name  iocp.homo.10 iocp',
      ],
    );
    assert.ok(cells.every(({ figures }) => figures === null));
  });

  it('are bounded: the one without a run for the longest time is removed', async () => {
    const stored = (index: number) =>
      JSON.stringify({ soakName: String(index), schedule: '', cell: 'c', atMs: 1000 + index });
    for (let index = 0; index < MAX_CELLS; index++) {
      await redis.hset(CELLS_KEY, String(index), stored(index));
    }
    await redis.hset(CELLS_KEY, '7', stored(-500));
    await done('passed', { atMs: 5000 });
    await done('passed', { atMs: 5001 });
    assert.equal(await redis.hlen(CELLS_KEY), MAX_CELLS);
    assert.equal(await redis.hexists(CELLS_KEY, '7'), 0);
    assert.equal(await redis.hexists(CELLS_KEY, '0'), 1);
    const made = (await new Cells(redis).list()).find(({ soakName }) => soakName === 'made');
    assert.equal(made?.verdicts.passed, 2);
  });
});
