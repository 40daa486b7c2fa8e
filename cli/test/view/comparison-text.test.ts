import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { ComparedPrediction, Comparison, FigureName } from '@oversoak/contracts';
import {
  comparedCell,
  comparison,
  heteroCell,
  NO_LATENCY,
  targetCell,
  zonesCell,
} from '@oversoak/testing/builders/soaks';
import colors from 'picocolors';
import { COLUMN_NAMES, type ColumnName } from '../../src/view/comparison-columns.ts';
import { comparisonText } from '../../src/view/comparison-text.ts';
import { assertGolden } from './golden.ts';

const plain = colors.createColors(false);

const passed = comparison([
  comparedCell('iocp'),
  comparedCell('completion-routine'),
  comparedCell('event'),
]);

const failed = comparison(
  [
    comparedCell('iocp', {
      verdict: 'failed',
      reasons: ['errors.corrupt is 384, not == 0 (in 19200 echoes)', 'errors.duplicate is 3'],
      errors: { corrupt: 384, duplicate: 3, disconnectedByServer: 1_234 },
    }),
    comparedCell('completion-routine', {
      verdict: 'inconclusive',
      reasons: ['generator saturated: 4212 messages were sent late'],
      achievedRate: 512.04,
      ledger: { sent: 10, echoed: 9, inFlight: 0, lostOnClose: 0, balanced: false },
    }),
    comparedCell('event', {
      verdict: null,
      reasons: [],
      offeredRate: null,
      achievedRate: null,
      echoes: 0,
      latencyIntended: NO_LATENCY,
      ledger: { sent: 0, echoed: 0, inFlight: 0, lostOnClose: 0, balanced: true },
      serverCpuPerEchoUs: null,
      ioThreadsRequested: null,
      ioThreadsRan: null,
      contentThreadsRequested: null,
      contentThreadsRan: null,
      serverWorkingSetBytes: null,
    }),
  ],
  { verdict: 'failed', complete: false },
);

const withoutResult = {
  offeredRate: null,
  achievedRate: null,
  ledger: { sent: 0, echoed: 0, inFlight: 0, lostOnClose: 0, balanced: true },
};

test('a cell without a result has no evidence', () => {
  const killed = comparedCell('event', { ...withoutResult, verdict: 'failed' });
  const text = comparisonText(comparison([killed]), 60, plain);
  assert.match(text, /^Evidence: none, no run has a complete result$/m);
  assert.match(text, /^ +errors +–$/m);
  assert.doesNotMatch(text, /accounted for/);
  const both = comparisonText(comparison([comparedCell('iocp'), killed]), 60, plain);
  assert.match(both, /accounted for; no complete result of event\.homo\.\d+$/m);
});

const large = comparison([
  comparedCell('completion-routine', {
    key: 'completion-routine.homo.60000',
    cell: { notifier: 'completion-routine', layout: 'homo', sessions: 60_000 },
    offeredRate: 1_250_000,
    achievedRate: 1_249_321,
    errors: { notReceivedInTime: 1_234_567 },
    latencyIntended: {
      count: 1,
      p50Us: 1_234_567,
      p90Us: 1_234_567,
      p99Us: 12_345_678,
      p999Us: 12_345_678,
      slowestUs: 9_876_543,
      maxUs: 3_600_000_000,
    },
    ioThreadsRequested: 16,
    ioThreadsRan: 953,
    serverWorkingSetBytes: 12_345_678_901,
    verdict: 'inconclusive',
  }),
]);

const hetero = comparison([
  comparedCell('completion-routine', {
    contentThreadsRequested: 3,
    ioThreadsRan: 4,
    slowest: {
      count: 192,
      meanUs: {
        client: 30,
        'network+wake': 1_800,
        lock: 0,
        queue: 0,
        work: 40,
        send: 130,
        'fan-out': 0,
      },
      dominating: 'network+wake',
    },
  }),
  heteroCell('completion-routine'),
]);

const locks = comparison([
  heteroCell('iocp', {
    key: 'iocp.hetero.srwlock.lock-free.100',
    cell: {
      ...{ notifier: 'iocp', layout: 'hetero', sessions: 100 },
      ...{ containerLock: 'srwlock', contentQueue: 'lock-free' },
    },
  }),
]);

const target = comparison([targetCell()]);

type Actual = ComparedPrediction['actual'];

function prediction(
  figure: FigureName,
  text: string,
  actual: Actual,
  outcome: ComparedPrediction['outcome'],
  difference: number | null = null,
): ComparedPrediction {
  const predicted = { text, operator: '=', value: 2, tolerance: 0.4 } as const;
  return { key: 'event.homo.63', figure, unit: '', predicted, actual, difference, outcome };
}

const repeats = (median: number, low: number, high: number): Actual => {
  return { median, low, high, runs: 3 };
};

const predicted = comparison([comparedCell('event')], {
  predictions: [
    prediction('server.wakesPerEcho', '= 2 ± 20%', repeats(1.9, 1.5, 2.2), 'as predicted', -0.05),
    prediction(
      'echo.latency.p99',
      '< 5ms',
      repeats(12_345, 9_000, 14_000),
      'not as predicted',
      1.469,
    ),
    prediction('server.handlesPerSession', '= 3 ± 5%', null, 'no figure'),
    prediction('errors.total', '== 0', repeats(0, 0, 0), 'as predicted'),
    prediction(
      'server.workingSet',
      '<= 40MB',
      repeats(41_943_040, 4e7, 5e7),
      'as predicted',
      0.0001,
    ),
  ],
});
const once = comparison([comparedCell('event')], {
  predictions: predicted.predictions.map((each) => ({
    ...each,
    actual: each.actual === null ? null : { ...each.actual, runs: 1 },
  })),
});

const zones = comparison(
  [zonesCell('homo'), zonesCell('hetero', { dropped: 0, closed: 3, cpuPerDeliveryUs: 7.5 })],
  {
    rankings: [
      {
        ...{ metric: 'server.cpuPerDelivery', unit: 'us', sessions: 100, best: 'lowest' },
        cells: [
          { key: 'iocp.homo.100', value: 6.2, low: 5.9, high: 6.5, repeats: 3 },
          { key: 'iocp.hetero.100', value: 7.5, low: null, high: null, repeats: 1 },
        ],
        apart: [],
        words: 'one repeat cannot show which cell is cheapest by CPU per delivery',
      },
    ],
  },
);

const ticks = comparison([
  zonesCell('homo', {
    ...{ ticks: 480, ticksSkipped: 2, tickDeliveries: 24_000 },
    tickLatency: { ...comparedCell('iocp').latencyIntended, p99Us: 6_100 },
    tickLateness: { ...comparedCell('iocp').latencyIntended, p99Us: 740 },
  }),
  zonesCell('hetero', { ticks: 482 }),
]);

const LOCK_COLUMNS: ColumnName[] = ['cell', 'queue-p99', 'lock-p50', 'contents', 'busiest'];

const cases: {
  golden: string;
  given: Comparison;
  columns: number;
  chosen?: readonly ColumnName[];
}[] = [
  { golden: 'passed-120.txt', given: passed, columns: 120 },
  { golden: 'failed-120.txt', given: failed, columns: 120 },
  { golden: 'large-120.txt', given: large, columns: 120 },
  { golden: 'failed-60.txt', given: failed, columns: 60 },
  { golden: 'hetero-120.txt', given: hetero, columns: 120 },
  // Too narrow for the columns that content threads add.
  { golden: 'hetero-100.txt', given: hetero, columns: 100 },
  { golden: 'hetero-60.txt', given: hetero, columns: 60 },
  { golden: 'hetero-all-320.txt', given: hetero, columns: 320, chosen: COLUMN_NAMES },
  { golden: 'locks-chosen-120.txt', given: locks, columns: 120, chosen: LOCK_COLUMNS },
  { golden: 'locks-chosen-60.txt', given: locks, columns: 60, chosen: LOCK_COLUMNS },
  { golden: 'predicted-120.txt', given: predicted, columns: 120 },
  { golden: 'predicted-once-120.txt', given: once, columns: 120 },
  { golden: 'predicted-60.txt', given: predicted, columns: 60 },
  { golden: 'zones-120.txt', given: zones, columns: 120 },
  { golden: 'zones-60.txt', given: zones, columns: 60 },
  { golden: 'ticks-140.txt', given: ticks, columns: 140 },
  { golden: 'ticks-60.txt', given: ticks, columns: 60 },
  { golden: 'target-120.txt', given: target, columns: 120 },
  { golden: 'target-all-120.txt', given: target, columns: 120, chosen: COLUMN_NAMES },
];

for (const { golden, given, columns, chosen } of cases) {
  test(`a comparison in ${columns} columns is ${golden}`, () => {
    const text = `${comparisonText(given, columns, plain, chosen)}\n`;
    assertGolden(golden, text);
    const cells = text.slice(0, text.indexOf('Evidence:'));
    const widest = Math.max(...cells.split('\n').map((line) => line.length));
    if (columns >= 120) assert.ok(widest <= columns, `${widest} columns`);
  });
}

test('colour is used only on request', () => {
  const uncoloured = comparisonText(passed, 120, plain);
  assert.equal(stripVTControlCharacters(uncoloured), uncoloured);
  const coloured = comparisonText(passed, 120, colors.createColors(true));
  assert.notEqual(coloured, uncoloured);
  const lines = stripVTControlCharacters(coloured).split('\n');
  assert.deepEqual(
    lines.map((line) => line.trimEnd()),
    uncoloured.split('\n'),
  );
});

test('the Wine label is shown with the figures', () => {
  assert.match(comparisonText(passed, 120, plain), /not Windows performance/);
});
