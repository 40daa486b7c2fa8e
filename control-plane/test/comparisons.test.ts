import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  Baseline,
  Comparison,
  cellKey,
  type Origin,
  type Problem,
  type Schedule,
  SoakDifference,
  type SoakSpec,
  Trend,
} from '@oversoak/contracts';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import type { FastifyInstance } from 'fastify';
import { Redis } from 'ioredis';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { assemble, emptyApp } from '../src/app.ts';
import { startCluster } from '../src/cluster.ts';
import type { Cluster } from '../src/routes/cluster.ts';
import { changeSchedule } from '../src/schedules/change-schedule.ts';
import { MAX_BASELINES } from '../src/store/baselines.ts';
import { BASELINES_KEY } from '../src/store/names.ts';
import { expand } from '../src/submit/expand.ts';
import { type Stored, storeSoak } from './stored-soaks.ts';

const TOKEN = 'a-token-of-the-tests-of-oversoak';

const matrix = (...sessions: number[]): Partial<SoakSpec> => ({
  matrix: { notifier: ['iocp'], layout: ['homo'], sessions },
});

describe('comparisons over the API', () => {
  let server: RedisServer;
  let redis: Redis;
  let cluster: Cluster;
  let app: FastifyInstance;

  before(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    // Nobody looks after the runs: they are stored as they are to be.
    const never = { watchEveryMs: 3_600_000 };
    cluster = await startCluster({ redisUrl: server.url, log: silentLog, ...never });
    app = await assemble(emptyApp(false), { cluster, token: TOKEN, rateLimitPerMinute: 10_000 });
  });
  after(async () => {
    await app.close();
    await cluster.close();
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => void (await redis.flushall()));

  const store = (soakId: string, of: Stored = {}) => storeSoak(cluster, soakId, of);
  const call = (method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object, accept = '*/*') =>
    app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${TOKEN}`, accept },
      ...(payload === undefined ? {} : { payload }),
    });
  async function answer<T>(schema: TSchema, url: string): Promise<T> {
    const { statusCode, body } = await call('GET', url);
    assert.equal(statusCode, 200, body);
    const value: unknown = JSON.parse(body);
    assert.deepEqual(Value.Errors(schema, value), []);
    return value as T;
  }
  const compare = (left: string, right: string) => {
    const query = new URLSearchParams({ left, right });
    return answer<SoakDifference>(SoakDifference, `/v1/comparisons?${query}`);
  };
  const words = ({ cells }: SoakDifference) =>
    cells.map(({ metrics }) => metrics.map(({ difference }) => difference));
  async function refused(left: string, right: string) {
    const query = new URLSearchParams({ left, right });
    const { statusCode, headers, body } = await call('GET', `/v1/comparisons?${query}`);
    assert.match(String(headers['content-type']), /problem\+json/);
    const { errors } = JSON.parse(body) as { errors: Problem[] };
    return { statusCode, errors };
  }

  it('compares the cells of two soaks by their keys', async () => {
    await store('soak-1', { spec: { ...matrix(10, 20), repeats: 3 } });
    await store('soak-2', { spec: { ...matrix(20, 30), repeats: 3 }, times: 1.5 });
    const difference = await compare('soak-1', 'soak-2');
    assert.deepEqual(
      difference.cells.map(({ left, right }) => [left, right]),
      [['iocp.homo.20', 'iocp.homo.20']],
    );
    assert.deepEqual(difference.unmatched, ['iocp.homo.10', 'iocp.homo.30']);
    assert.deepEqual(words(difference), [['higher', 'higher', 'higher', 'none', 'none', 'none']]);
    const [p50] = difference.cells[0]?.metrics ?? [];
    assert.ok(p50?.low && p50.high && p50.low > 1.3 && p50.high < 1.7, JSON.stringify(p50));
    assert.deepEqual([p50.leftRepeats, p50.rightRepeats, p50.paired], [3, 3, false]);
    assert.ok(p50.smallestSeen && p50.smallestSeen > 1 && p50.smallestSeen < 1.3);
    assert.match(difference.platform.join(), /Wine 8\.0/);
    const notes = difference.notes.join('\n');
    assert.match(notes, /^the specs differ in matrix\.sessions$/m);
    assert.match(notes, /^the soaks ran one after the other; .*"against"$/m);
  });

  it('compares a named cell with every cell of the other side', async () => {
    await store('soak-1', { spec: { ...matrix(10, 20), repeats: 2 } });
    const difference = await compare('soak-1/iocp.homo.10', 'soak-1');
    assert.deepEqual(
      difference.cells.map(({ left, right }) => [left, right]),
      [
        ['iocp.homo.10', 'iocp.homo.10'],
        ['iocp.homo.10', 'iocp.homo.20'],
      ],
    );
    // Cells of one soak met the same night.
    assert.deepEqual(difference.notes, []);
  });

  it('excludes runs without a sound load, and makes no claim from one repeat', async () => {
    await store('soak-1');
    await store('soak-2', { verdict: 'inconclusive' });
    await store('soak-3', { verdict: null });
    await store('soak-4', { times: 9 });
    const broken = await compare('soak-1', 'soak-2');
    assert.deepEqual(new Set(words(broken).flat()), new Set(['unknown']));
    assert.match(
      broken.notes.join(),
      /left out of soak-2: iocp\.homo\.10 #1 \(its load was not sound\)/,
    );
    assert.match((await compare('soak-3', 'soak-1')).notes.join(), /soak-3: .* \(not done\)/);
    const once = await compare('soak-1', 'soak-4');
    assert.deepEqual(new Set(words(once).flat()), new Set(['unknown']));
    const [p50] = once.cells[0]?.metrics ?? [];
    assert.ok(p50?.ratio && p50.ratio > 8 && p50.low === null && p50.smallestSeen === null);
    assert.equal(p50.why, 'one repeat allows no claim');
  });

  it('counts a run that is inconclusive only because a threshold could not be decided', async () => {
    await store('soak-1', { spec: { repeats: 3 } });
    await store('soak-2', { spec: { repeats: 3 }, verdict: 'inconclusive', loadSound: true });
    const difference = await compare('soak-1', 'soak-2');
    assert.deepEqual(new Set(words(difference).flat()), new Set(['none']));
    assert.doesNotMatch(difference.notes.join(), /left out/);
  });

  it('notes that the gangs differ', async () => {
    await store('soak-1', { spec: { repeats: 2 } });
    await store('soak-7', { spec: { repeats: 2 }, fleetAgent: 'agent-c' });
    const { notes } = await compare('soak-1', 'soak-7');
    assert.match(notes.join('\n'), /^the sides ran on different gangs: .*agent-b.* against .*-c/m);
  });

  it('ranks the cells of a soak in its own comparison', async () => {
    const spec = { ...matrix(10), repeats: 3 };
    await store('soak-1', { spec });
    const one = await answer<Comparison>(Comparison, '/v1/soaks/soak-1/comparison');
    assert.deepEqual(one.rankings, []);
    const notifier = ['iocp' as const, 'event' as const];
    await store('soak-2', { spec: { matrix: { notifier, layout: ['homo'], sessions: [10] } } });
    const two = await answer<Comparison>(Comparison, '/v1/soaks/soak-2/comparison');
    assert.deepEqual(
      two.rankings.map(({ metric, cells }) => [metric, cells.length]),
      [
        ['echo.latency.p50', 2],
        ['echo.latency.p99', 2],
        ['server.cpuPerEcho', 2],
      ],
    );
    assert.match(two.rankings[0]?.words ?? '', /^one repeat cannot show which/);
  });

  it('compares each cell with the interleaved cell of the baseline', async () => {
    const pinned = madeSpec({ threads: { io: 2, content: 2 } });
    const against = { baseline: 'main', soakId: 'soak-0', spec: pinned };
    await store('soak-1', { spec: { repeats: 5 }, times: 1.3, against });
    const url = '/v1/soaks/soak-1/comparison';
    const comparison = await answer<Comparison>(Comparison, url);
    assert.deepEqual(
      comparison.cells.map(({ key }) => key),
      ['iocp.homo.10.baseline', 'iocp.homo.10'],
    );
    const { cells, baseline, soakId, differs = [] } = comparison.against ?? {};
    assert.deepEqual([baseline, soakId], ['main', 'soak-0']);
    assert.ok(differs.includes('threads.io'), differs.join());
    assert.equal(cells?.length, 1);
    const { left, right, metrics } = cells?.[0] ?? {};
    assert.deepEqual([left, right], ['iocp.homo.10.baseline', 'iocp.homo.10']);
    assert.equal(
      metrics?.find(({ metric }) => metric === 'echo.latency.p99')?.difference,
      'higher',
    );
    const [row] = (await compare('soak-1/iocp.homo.10.baseline', 'soak-1/iocp.homo.10')).cells;
    assert.equal(row?.metrics[0]?.difference, 'higher');
    await store('soak-2');
    const alone = await answer<Comparison>(Comparison, '/v1/soaks/soak-2/comparison');
    assert.equal(alone.against, null);
  });

  it('answers as CSV and Markdown too', async () => {
    await store('soak-1');
    const url = '/v1/comparisons?left=soak-1&right=soak-1';
    const csv = await call('GET', url, undefined, 'text/csv');
    assert.match(String(csv.headers['content-type']), /^text\/csv/);
    assert.match(csv.body, /^left\.selector,left\.soakId,/);
    assert.equal((await call('GET', `${url}&format=csv`)).body, csv.body);
    const markdown = await call('GET', url, undefined, 'text/markdown');
    assert.match(String(markdown.headers['content-type']), /^text\/markdown/);
    assert.match(
      markdown.body,
      /\| iocp\.homo\.10 \| p99 \| .* \| unknown: one repeat allows no claim \|/,
    );
    assert.equal((await call('GET', `${url}&format=markdown`)).body, markdown.body);
    assert.equal((await call('GET', `${url}&format=xml`)).statusCode, 400);
  });

  it('refuses an unknown side, with the valid forms', async () => {
    const soak = await store('soak-1');
    const cells = expand(soak).map(({ cell }) => cellKey(cell));
    const written = await refused('soak/1/x', 'no such thing');
    assert.equal(written.statusCode, 400);
    assert.deepEqual(
      written.errors.map(({ pointer }) => pointer),
      ['/left', '/right'],
    );
    assert.match(written.errors[1]?.detail ?? '', /SOAK_ID\/CELL_KEY, baseline:NAME/);
    const absent = await refused('soak-9', 'baseline:main');
    assert.equal(absent.statusCode, 404);
    assert.match(absent.errors[0]?.detail ?? '', /no soak "soak-9"/);
    assert.match(absent.errors[1]?.detail ?? '', /no baseline "main"; there are: none/);
    const cell = await refused('soak-1/iocp.homo.11', 'soak-1');
    assert.equal(cell.statusCode, 404);
    assert.match(cell.errors[0]?.detail ?? '', new RegExp(`valid: ${cells.join(', ')}`));
    assert.equal((await call('GET', '/v1/comparisons?left=soak-1')).statusCode, 400);
  });

  it('pins, shows, replaces and unpins baselines', async () => {
    await store('soak-1');
    await store('soak-2');
    const put = await call('PUT', '/v1/baselines/main', { soakId: 'soak-1', note: 'release 3' });
    assert.equal(put.statusCode, 200, put.body);
    const shown = await answer<Baseline>(Baseline, '/v1/baselines/main');
    assert.deepEqual([shown.soakId, shown.note], ['soak-1', 'release 3']);
    await call('PUT', '/v1/baselines/main', { soakId: 'soak-2' });
    await call('PUT', '/v1/baselines/last-week', { soakId: 'soak-1' });
    const { baselines } = (await call('GET', '/v1/baselines')).json();
    assert.deepEqual(
      baselines.map(({ name, soakId, note }: Baseline) => [name, soakId, note]),
      [
        ['last-week', 'soak-1', ''],
        ['main', 'soak-2', ''],
      ],
    );
    const difference = await compare('baseline:last-week', 'baseline:main/iocp.homo.10');
    assert.equal(difference.left.soakId, 'soak-1');
    assert.equal(difference.right.selector, 'baseline:main/iocp.homo.10');
    assert.equal((await call('DELETE', '/v1/baselines/main')).statusCode, 204);
    assert.equal((await call('DELETE', '/v1/baselines/main')).statusCode, 404);
    assert.equal((await call('GET', '/v1/baselines/main')).statusCode, 404);
  });

  it('pins as many as a cluster may have, and then replaces', async () => {
    await store('soak-1');
    const others = Array.from({ length: MAX_BASELINES - 1 }, (_, at) => [`other-${at}`, '{}']);
    await redis.hset(BASELINES_KEY, Object.fromEntries(others));
    const pin = (name: string) => call('PUT', `/v1/baselines/${name}`, { soakId: 'soak-1' });
    assert.equal((await pin('last')).statusCode, 200);
    const refused = await pin('more');
    assert.equal(refused.statusCode, 409);
    assert.match(refused.json().detail, new RegExp(`there are ${MAX_BASELINES} baselines`));
    assert.equal((await pin('last')).statusCode, 200);
  });

  it('pins only finished soaks with figures', async () => {
    await store('soak-1', { verdict: null });
    await store('soak-2', { verdict: 'cancelled' });
    for (const [soakId, status, why] of [
      ['soak-1', 409, /is not done yet/],
      ['soak-2', 422, /none of its runs had a sound load/],
      ['soak-9', 404, /there is no such soak/],
    ] as const) {
      const { statusCode, body } = await call('PUT', '/v1/baselines/main', { soakId });
      assert.equal(statusCode, status, body);
      const [{ pointer, detail }] = JSON.parse(body).errors;
      assert.equal(pointer, '/soakId');
      assert.match(detail, why);
    }
    assert.equal((await call('PUT', '/v1/baselines/Main', { soakId: 'x' })).statusCode, 400);
    assert.equal((await call('PUT', '/v1/baselines/main', { soak: 'x' })).statusCode, 400);
    assert.deepEqual(await cluster.baselines.list(), []);
  });

  describe('of the nights of a schedule', () => {
    const url = '/v1/schedules/nightly/trend';
    const schedule = {
      ...{ cron: '0 2 1 1 *', timeZone: 'UTC', enabled: true, overlap: 'skip' as const },
      ...{ confirmSuspects: false, spec: madeSpec() },
    };
    beforeEach(async () => {
      const { schedules } = cluster;
      await changeSchedule('nightly', schedule, 'r1', Date.now(), () => {}, schedules);
    });
    const night = async (tickAtMs: number, of: Stored = {}) => {
      const soakId = `soak-${String(tickAtMs).padStart(2, '0')}`;
      const origin: Origin = { kind: 'schedule', schedule: 'nightly', tickAtMs };
      const soak = await store(soakId, { origin, ...of });
      await cluster.trends.keep('nightly', soak, { tickAtMs, cause: 'tick' });
    };
    const worse = ({ series }: Trend) =>
      series.filter(({ state }) => state === 'regression').map(({ metric }) => metric);
    const nights = async (from: number, to: number, of: Stored = {}) => {
      for (let tick = from; tick <= to; tick++) await night(tick, of);
    };

    it('finds regressions in the nights since the spec changed', async () => {
      await night(0, { spec: matrix(20), times: 9 });
      await nights(1, 8);
      const steady = await answer<Trend>(Trend, url);
      assert.equal(steady.regression, false);
      assert.deepEqual(
        steady.series[0]?.points.map(({ soakId, tickAtMs }) => [soakId, tickAtMs]),
        [1, 2, 3, 4, 5, 6, 7, 8].map((tick) => [`soak-0${tick}`, tick]),
      );
      assert.deepEqual(steady.notes, ['excluded nights before the base: 1']);
      assert.equal((await answer<Trend>(Trend, `${url}?limit=3`)).series[0]?.points.length, 3);

      await nights(9, 12, { times: 1.3 });
      assert.deepEqual(worse(await answer<Trend>(Trend, url)), [
        'echo.latency.p50',
        'echo.latency.p99',
        'echo.latency.slowest',
      ]);
      const none = await call('GET', '/v1/schedules/none/trend');
      assert.equal(none.statusCode, 404);
      assert.equal(none.json().detail, 'no schedule "none"');
      assert.equal((await call('GET', `${url}?limit=0`)).statusCode, 400);
    });

    it('outlives its soaks, and goes with the schedule', async () => {
      await nights(1, 9);
      const soak = await cluster.soaks.get('soak-01');
      assert.ok(soak !== null && (await cluster.soaks.delete(soak.soak)));
      const trend = await answer<Trend>(Trend, url);
      assert.deepEqual([trend.base.sinceSoakId, trend.series[0]?.base?.nights], ['soak-01', 9]);
      const stored = await cluster.schedules.get('nightly');
      assert.ok(stored !== null && (await cluster.schedules.delete(stored)));
      assert.equal((await call('GET', url)).statusCode, 404);
      // One that was at work meanwhile brings nothing of it back.
      await night(10);
      assert.deepEqual(await redis.keys('oversoak:schedule*'), []);
    });

    it('moves its base to a pinned soak, which must be its own', async () => {
      await nights(1, 8);
      await nights(9, 20, { times: 1.3 });
      assert.equal((await answer<Trend>(Trend, url)).regression, true);
      const before = await cluster.trends.version('nightly');
      const pin = (soakId: string, of = 'nightly') =>
        call('PUT', '/v1/baselines/main', { soakId, schedule: of });
      const pinned = await pin('soak-09');
      assert.equal(pinned.statusCode, 200, pinned.body);
      assert.equal(pinned.json<Baseline>().schedule, 'nightly');
      const trend = await answer<Trend>(Trend, url);
      assert.deepEqual(
        [trend.regression, trend.base],
        [false, { sinceSoakId: 'soak-09', sinceTickAtMs: 9, pinned: 'main' }],
      );
      assert.notEqual(await cluster.trends.version('nightly'), before);
      await store('soak-99');
      for (const refused of [await pin('soak-99'), await pin('soak-09', 'other')]) {
        assert.equal(refused.statusCode, 422, refused.body);
        assert.equal(JSON.parse(refused.body).errors[0].pointer, '/schedule');
      }
    });

    it('says that the schedule has stopped', async () => {
      await nights(1, 1);
      assert.deepEqual((await answer<Trend>(Trend, url)).notes, []);
      const stored = await cluster.schedules.get('nightly');
      assert.ok(stored !== null);
      for (const tickAtMs of [11, 12, 13]) {
        const entry = {
          ...({ cause: 'tick', outcome: 'skipped', soakId: null, webhook: null } as const),
          ...{ tickAtMs, note: 'soak-1 is not done' },
          request: { key: `k${tickAtMs}`, fingerprint: 'f' },
        };
        await cluster.schedules.addEntry(stored, entry, false);
      }
      const why = 'its last 3 ticks made no soak; the newest is skipped: soak-1 is not done';
      const trend = await answer<Trend>(Trend, url);
      assert.deepEqual(trend.notes, [`the schedule has stopped: ${why}`]);
      const shown = (await call('GET', '/v1/schedules')).json<{ schedules: Schedule[] }>();
      assert.equal(shown.schedules[0]?.stopped, why);
    });
  });
});
