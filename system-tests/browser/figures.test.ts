// Every figure of a page is the API's: the test reads both.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { ComparedCell, DifferenceMetric, SoaksPage } from '@oversoak/contracts';
import { type MadeSoak, madeSoakFile } from '@oversoak/testing/builders/made-soak';
import { until } from '@oversoak/testing/waiting/until';
import { redisUrl } from 'oversoak/cluster/redis';
import type { Page } from 'playwright-core';
import { FaultCluster } from '../faults/cluster.ts';
import { TOKEN } from '../faults/plane-process.ts';
import { PASSWORD } from '../faults/redis-process.ts';
import { signIn, TestBrowser } from './browser.ts';
import { makeNights } from './made-nights.ts';
import { hasFigures, tableRows, tableTitles, utc } from './page-text.ts';

const LONG = 60_000;
const PAGE_SOAKS = 50;
/** More than a page, and they wait: both agents are drained. */
const WAITING = 55;
const MIB = 2 ** 20;

/** From the API's unit to that of the page. */
const METRICS: Record<DifferenceMetric, { title: string; scale: number }> = {
  'echo.latency.p50': { title: 'p50', scale: 1e-3 },
  'echo.latency.p99': { title: 'p99', scale: 1e-3 },
  'echo.latency.slowest': { title: 'slowest 1 %', scale: 1e-3 },
  'delivery.latency.p99': { title: 'delivery p99', scale: 1e-3 },
  'sent.rate': { title: 'rate', scale: 1 },
  'server.cpuPerEcho': { title: 'CPU per echo', scale: 1 },
  'server.cpuPerDelivery': { title: 'CPU per delivery', scale: 1 },
  'server.workingSet': { title: 'working set', scale: 1 / MIB },
};

const scaled = (metric: DifferenceMetric, value: number | null) =>
  value === null ? null : value * METRICS[metric].scale;
const divided = (value: number | null, by: number) => (value === null ? null : value / by);

/** The columns of the table of cells. */
const CELL_FIGURES: Record<string, (cell: ComparedCell) => number | null> = {
  'rate, /s': ({ achievedRate }) => achievedRate,
  // Rounded down, so that 99.999 % is not 100 %.
  'of due': ({ achievedRate, offeredRate }) =>
    Math.floor(((achievedRate ?? 0) / (offeredRate ?? 1)) * 10_000) / 100,
  'p50, ms': ({ latencyIntended }) => divided(latencyIntended.p50Us, 1000),
  'p99, ms': ({ latencyIntended }) => divided(latencyIntended.p99Us, 1000),
  'p99.9, ms': ({ latencyIntended }) => divided(latencyIntended.p999Us, 1000),
  'slowest 1 %, ms': ({ latencyIntended }) => divided(latencyIntended.slowestUs, 1000),
  'max, ms': ({ latencyIntended }) => divided(latencyIntended.maxUs, 1000),
  'CPU, µs per echo': ({ serverCpuPerEchoUs }) => serverCpuPerEchoUs,
  'memory, MiB': ({ serverWorkingSetBytes }) => divided(serverWorkingSetBytes, MIB),
  echoes: ({ echoes }) => echoes,
  errors: ({ errors }) =>
    Object.values(errors as Record<string, number>).reduce((sum, count) => sum + count, 0),
};

const QUEUE_FIGURES: Record<string, (cell: ComparedCell) => number | null> = {
  'queue depth, mean': ({ queueDepthMean }) => queueDepthMean,
  'queue depth, max': ({ queueDepthMax }) => queueDepthMax,
  'queue wait p99, ms': ({ queueWait }) => divided(queueWait.p99Us, 1000),
  'lock wait p50, ms': ({ lockWait }) => divided(lockWait.p50Us, 1000),
  'lock wait p99, ms': ({ lockWait }) => divided(lockWait.p99Us, 1000),
  'lock wait max, ms': ({ lockWait }) => divided(lockWait.maxUs, 1000),
};

describe('the figures of the console', () => {
  let cluster: FaultCluster;
  let browser: TestBrowser;
  let page: Page;
  /** Older than all others, of four cells and three repeats, of which one cell failed. */
  let failed = '';

  const open = (path: string) =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, path);
  const imported = async (made: MadeSoak) => {
    const { soakId, text } = madeSoakFile(made);
    await cluster.api.importSoak(new Blob([text]).stream());
    return soakId;
  };
  const agentIds = async () => (await cluster.api.agents()).map(({ agentId }) => agentId);

  before(async () => {
    cluster = await FaultCluster.start();
    browser = await TestBrowser.start();
    failed = await imported({
      name: 'old failure',
      isOld: true,
      notifiers: ['iocp', 'event'],
      sessions: [20],
      repeats: 3,
      seed: 1,
      corrupt: { notifier: 'event', layout: 'hetero' },
    });
    page = await browser.page();
    page.setDefaultTimeout(LONG);
    await signIn(page, cluster.plane.url, TOKEN);
  });
  after(async () => {
    await browser?.close();
    await cluster?.stop();
  });

  describe('of the list of soaks', () => {
    before(async () => {
      for (const agentId of await agentIds()) await cluster.api.drain(agentId, false);
      const { spec } = await cluster.api.soak(failed);
      for (let index = 0; index < WAITING; index += 1) {
        const text = JSON.stringify({ ...spec, name: `waiting ${index}` });
        await cluster.api.submit({ text, contentType: 'application/json' });
      }
      const schedule = JSON.stringify({ cron: '0 3 * * *', spec });
      await cluster.api.putSchedule('by-night', {
        text: schedule,
        contentType: 'application/json',
      });
      await cluster.api.runSchedule('by-night');
      const { soaks } = await cluster.api.soaks(3, null, { name: 'waiting' });
      for (const { soakId } of soaks) await cluster.api.cancel(soakId);
      await until(
        'three are cancelled',
        async () =>
          (await cluster.api.soaks(PAGE_SOAKS, null, { verdict: 'cancelled' })).soaks.length === 3,
      );
    });
    after(async () => {
      const { soaks } = await cluster.api.matchingSoaks(100, null, { state: 'queued' });
      for (const { soakId } of soaks) await cluster.api.cancel(soakId);
      for (const agentId of await agentIds()) await cluster.api.drain(agentId, true);
    });

    const shown = () => tableRows(page, 'Soaks, newest first');
    const rowsOf = ({ soaks }: SoaksPage) =>
      soaks.map(({ soakId, name, verdict, state, runs, runsDone, createdAtMs }) => [
        ...[name, verdict ?? state, `${runsDone} of ${runs}`, utc(createdAtMs), soakId],
      ]);
    const isShown = async (wanted: SoaksPage) => {
      const rows = rowsOf(wanted);
      await until(`${rows.length} rows`, async () => isDeepStrictEqual(await shown(), rows), LONG)
        // Says what differs.
        .catch(async () => assert.deepEqual(await shown(), rows));
      return rows.length;
    };
    const choose = async (label: string, value: string) => {
      await page.getByRole('combobox', { name: label }).selectOption(value);
    };
    const find = (text: string) => page.getByLabel('Name or id').fill(text);

    it('are those of each page', async () => {
      await open('#/soaks');
      const first = await cluster.api.matchingSoaks(PAGE_SOAKS, null, {});
      assert.equal(await isShown(first), PAGE_SOAKS);
      await page.getByRole('button', { name: 'Older' }).click();
      const second = await cluster.api.matchingSoaks(PAGE_SOAKS, first.nextCursor, {});
      assert.ok((await isShown(second)) > 0);
      await page.getByRole('button', { name: 'Newer' }).click();
      await isShown(first);
    });

    it('are those of the filters, wherever in the list they match', async () => {
      const matching = async (filter: Parameters<typeof cluster.api.matchingSoaks>[2]) =>
        await isShown(await cluster.api.matchingSoaks(PAGE_SOAKS, null, filter));
      await choose('Verdict', 'failed');
      assert.equal(await matching({ verdict: 'failed' }), 1);
      await choose('Verdict', 'cancelled');
      assert.equal(await matching({ verdict: 'cancelled' }), 3);
      await choose('State', 'queued');
      await page.getByText('No soak matches.').waitFor();
      await choose('Verdict', '');
      const queued = await cluster.api.matchingSoaks(PAGE_SOAKS, null, { state: 'queued' });
      assert.equal(await isShown(queued), PAGE_SOAKS);
      await page.getByRole('button', { name: 'Older' }).click();
      const older = await cluster.api.matchingSoaks(PAGE_SOAKS, queued.nextCursor, {
        state: 'queued',
      });
      assert.equal(await isShown(older), WAITING - 3 + 1 - PAGE_SOAKS);
      // Another filter begins at its own first page.
      await choose('Schedule', 'by-night');
      assert.equal(await matching({ state: 'queued', schedule: 'by-night' }), 1);
      await choose('Schedule', '');
      await choose('State', '');
      await find('WAITING 1');
      assert.equal(await matching({ name: 'waiting 1' }), 11);
      await find(failed);
      assert.equal(await matching({ prefix: failed }), 1);
      await find('none of them');
      await page.getByText('No soak matches.').waitFor();
    });
  });

  it('of a soak that is done are those of its comparison', async () => {
    await open(`#/soaks/${failed}`);
    await page.getByRole('heading', { level: 2, name: 'Cells' }).waitFor();
    const { cells, rankings } = await cluster.api.comparison(failed);
    assert.equal(cells.length, 4);
    const titles = await tableTitles(page, 'Figures of the cells');
    const rows = new Map(
      (await tableRows(page, 'Figures of the cells')).map((row) => [row[0], row]),
    );
    assert.deepEqual(titles.slice(2), Object.keys(CELL_FIGURES));
    for (const cell of cells) {
      const row = rows.get(cell.key) ?? [];
      assert.equal(row[1], cell.verdict);
      for (const [title, figure] of Object.entries(CELL_FIGURES)) {
        hasFigures(`${cell.key}, ${title}`, row[titles.indexOf(title)] ?? '', figure(cell));
      }
    }
    assert.ok(cells.some(CELL_FIGURES.errors ?? (() => 0)), 'one of them has errors');

    const ranked = page.locator('article.ranking');
    assert.equal(await ranked.count(), rankings.length);
    for (const [index, { metric, words, cells: ordered }] of rankings.entries()) {
      const block = ranked.nth(index);
      assert.equal(await block.getByRole('heading').textContent(), METRICS[metric].title);
      assert.equal(await block.locator('p').textContent(), words);
      const lines = block.locator('li');
      for (const [place, { key, value, low, high }] of ordered.entries()) {
        assert.equal(await lines.nth(place).locator('.name').textContent(), key);
        const text = (await lines.nth(place).locator('span.figure').textContent()) ?? '';
        const figures = [value, low, high].map((figure) => scaled(metric, figure));
        hasFigures(`${metric} of ${key}`, text, ...figures);
      }
    }
  });

  it('of its queues, stages and thresholds are those of its report', async () => {
    const { comparison, cells: reported, runs } = await cluster.api.report(failed);
    const titles = await page
      .locator('section[aria-label^="Queue and lock: "]')
      .evaluateAll((tables) => tables.map((table) => table.getAttribute('aria-label') ?? ''));
    assert.ok(titles.length > 0);
    let compared = 0;
    for (const title of titles) {
      const columns = await tableTitles(page, title);
      const [notifier = ''] = title.replace('Queue and lock: ', '').split(', ');
      for (const row of await tableRows(page, title)) {
        const cell = comparison.cells.find(
          ({ cell: { layout, notifier: own } }) => layout === row[0] && own === notifier,
        );
        assert.ok(cell, `${title}: ${row[0]}`);
        for (const [column, figure] of Object.entries(QUEUE_FIGURES)) {
          const text = row[columns.indexOf(column)] ?? '';
          hasFigures(`${cell.key}, ${column}`, text, figure(cell));
          compared += 1;
        }
      }
    }
    assert.equal(compared, comparison.cells.length * Object.keys(QUEUE_FIGURES).length);

    for (const { key, slowest } of comparison.cells) {
      const typical = reported.find((cell) => cell.key === key)?.typical ?? null;
      const block = page.locator('div.stages', { has: page.getByText(key, { exact: true }) });
      for (const [of, means] of [
        ['near the median', typical],
        ['slowest ', slowest],
      ] as const) {
        assert.ok(means, `${key} has stages`);
        const row = block.locator('.stage-row', { hasText: of });
        const text = (await row.locator('span.figure').textContent()) ?? '';
        const totalUs = Object.values(means.meanUs).reduce((sum, us) => sum + us, 0);
        const unit = text.includes(' µs') ? 1 : text.includes(' ms') ? 1e3 : 1e6;
        hasFigures(`${of} of ${key}`, text, totalUs / unit);
        assert.ok(text.endsWith(`mostly ${means.dominating}`), text);
      }
    }

    for (const { key } of comparison.cells) {
      const own = runs.filter((run) => run.key === key);
      const rows = await tableRows(page, `Thresholds of ${key}`);
      assert.ok(rows.length >= 2, key);
      for (const [threshold = '', ...outcomes] of rows) {
        for (const [index, { evidence }] of own.entries()) {
          const check = evidence?.checks.find((one) => one.threshold === threshold);
          const text = outcomes[index] ?? '';
          assert.ok(
            check && text.startsWith(`${check.outcome} ${check.actual}`),
            `${key}: ${text}`,
          );
        }
      }
    }
  });

  it('of two soaks beside each other are those of their comparison', async () => {
    const four = { notifiers: ['iocp', 'event'], sessions: [30], repeats: 4 } as const;
    const left = await imported({ ...four, name: 'before', seed: 2 });
    const right = await imported({ ...four, name: 'after', seed: 3, slower: 1.3 });
    await open(`#/compare/${left}/${right}`);
    await page.locator('article.pair').first().waitFor();
    const { cells } = await cluster.api.difference(left, right);
    assert.equal(cells.length, 4);
    for (const { left: key, metrics } of cells) {
      const rows = await tableRows(page, `Differences of ${key}`);
      assert.equal(rows.length, metrics.length);
      for (const [index, of] of metrics.entries()) {
        const [title, before = '', after = '', ratio = '', , words = ''] = rows[index] ?? [];
        const where = `${of.metric} of ${key}`;
        assert.equal(title, METRICS[of.metric].title);
        hasFigures(where, before, scaled(of.metric, of.left));
        hasFigures(where, after, scaled(of.metric, of.right));
        hasFigures(where, ratio, of.ratio, of.low, of.high);
        assert.ok(
          words.includes(of.difference === 'none' ? 'no difference' : of.difference),
          words,
        );
      }
    }
  });

  it('of a schedule are those of its history and its trend', async () => {
    const { spec } = await cluster.api.soak(failed);
    const text = JSON.stringify({ cron: '0 3 * * *', timeZone: 'Europe/Berlin', spec });
    await cluster.api.putSchedule('nightly', { text, contentType: 'application/json' });
    const url = redisUrl(cluster.redis.port, PASSWORD);
    const nowMs = Date.now();
    await makeNights({ redisUrl: url, schedule: 'nightly', spec, soakId: failed, nowMs });
    await open('#/schedules');
    const heading = page.getByRole('heading', { level: 2, name: 'nightly' });
    const block = page.locator('section', { has: heading });
    await block.locator('svg.nights').first().waitFor();
    const { nextAtMs } = await cluster.api.schedule('nightly');
    await block.getByText(`next at ${utc(nextAtMs ?? 0)} UTC`).waitFor();
    const entries = await cluster.api.scheduleHistory('nightly', 60);
    const marks = await block
      .locator('ol.strip li')
      .evaluateAll((nights) => nights.map((night) => night.getAttribute('title')));
    assert.deepEqual(
      marks,
      entries.toReversed().map(({ tickAtMs, verdict }) => `${utc(tickAtMs)}: ${verdict}`),
    );
    const { series } = await cluster.api.trend('nightly');
    assert.equal(await block.locator('details').count(), series.length);
    for (const [index, { cell, metric, base, points, change }] of series.entries()) {
      const details = block.locator('details').nth(index);
      const where = `${cell}, ${METRICS[metric].title}`;
      const summary = (await details.locator('summary').textContent()) ?? '';
      assert.ok(summary.startsWith(`${where}: `), summary);
      if (change !== null) {
        hasFigures(where, summary.slice(summary.indexOf('×')), change.ratio);
        assert.ok(summary.includes(`since ${utc(change.sinceTickAtMs)}`), summary);
      }
      const figures = (await details.locator('p').textContent()) ?? '';
      const latest = scaled(metric, points.at(-1)?.value ?? null);
      const band = base === null ? [] : [base.low, base.high].map((one) => scaled(metric, one));
      hasFigures(where, figures.replace('Latest ', ''), latest, ...band);
    }
    assert.ok(series.some(({ change }) => change !== null));
  });

  it('of the agents are those of the list', async () => {
    await open('#/agents');
    for (const agent of await cluster.api.agents()) {
      const { agentId, slots, slotsUsed, labels, environment } = agent;
      const { capabilities, cpuModel } = environment;
      const heading = page.getByRole('heading', { level: 2, name: agentId });
      const text = (await page.locator('section', { has: heading }).textContent()) ?? '';
      const words = [
        `${slotsUsed} of ${slots} slots held`,
        `${cpuModel}, ${capabilities.cores} cores.`,
        ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
        ...capabilities.notifiers.map(
          ({ name, works }) => `${name}: ${works ? 'works' : 'does not work'}`,
        ),
      ];
      for (const word of words) assert.ok(text.includes(word), `${agentId}: "${word}" in ${text}`);
    }
  });
});
