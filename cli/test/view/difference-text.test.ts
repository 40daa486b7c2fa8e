import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { comparedCell, comparison } from '@oversoak/testing/builders/soaks';
import { REPOSITORY } from '@oversoak/testing/repository';
import colors from 'picocolors';
import { baselinesTable } from '../../src/view/baselines-table.ts';
import { comparisonText } from '../../src/view/comparison-text.ts';
import { differenceTextOf } from '../../src/view/difference-text.ts';
import { trendText } from '../../src/view/trend-text.ts';
import { cellDifference, soakDifference, trend } from '../differences.ts';

const plain = colors.createColors(false);
const against = {
  baseline: 'main',
  soakId: 'soak-0',
  differs: ['threads.io'],
  cells: [cellDifference('iocp.homo.100.baseline', 'iocp.homo.100')],
};
const iocp = comparedCell('iocp');
const pinned = { ...iocp.cell, side: 'baseline' as const };
const both = [{ ...iocp, key: 'iocp.homo.100.baseline', cell: pinned }, iocp];
const rankings = [100, 500].map((sessions) => ({
  ...({ metric: 'echo.latency.p99', unit: 'us', sessions, best: 'lowest' } as const),
  ...{ cells: [], apart: [] },
  words:
    'event is fastest by p99 (8.10 ms, 7.60 to 8.70); ' +
    'completion-routine (9.10 ms, 8.80 to 9.40) and iocp (9.20 ms, 8.90 to 9.50) ' +
    'cannot be told apart',
}));

const cases: Record<string, string> = {
  'difference.txt': differenceTextOf(soakDifference(), plain),
  'difference-none.txt': differenceTextOf(soakDifference({ cells: [] }), plain),
  'trend.txt': trendText(trend(), plain),
  'against-120.txt': comparisonText(comparison(both, { against }), 120, plain),
  'ranking-120.txt': comparisonText(
    comparison([comparedCell('iocp')], {
      rankings,
      notes: ['left out of the rankings: event.homo.100 #2 (its load was not sound)'],
    }),
    120,
    plain,
  ),
};

for (const [golden, text] of Object.entries(cases)) {
  test(`it is written as ${golden}`, () => {
    // The source folder: goldens are not compiled.
    const file = `${REPOSITORY}cli/test/view/golden/${golden}`;
    if (process.argv.includes('--update')) writeFileSync(file, `${text}\n`);
    assert.equal(`${text}\n`, readFileSync(file, 'utf8'));
    assert.ok(Math.max(...text.split('\n').map((line) => line.length)) <= 120);
  });
}

test('the platform label is shown with the figures', () => {
  for (const text of Object.values(cases)) assert.match(text, /not Windows performance/);
});

test('colour is used only on request', () => {
  const bright = colors.createColors(true);
  const trimmed = (text: string) =>
    stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.trimEnd());
  for (const view of [
    (given: typeof plain) => differenceTextOf(soakDifference(), given),
    (given: typeof plain) => trendText(trend(), given),
  ]) {
    assert.equal(stripVTControlCharacters(view(plain)), view(plain));
    assert.notEqual(view(bright), view(plain));
    assert.deepEqual(trimmed(view(bright)), trimmed(view(plain)));
  }
});

test('a trend without a regression is reported as such', () => {
  const steady = trend({ series: trend().series.slice(0, 1), regression: false });
  assert.match(trendText(steady, plain), /\nNo regression\.$/);
});

test('baselines are listed with their soak, time, schedule and note', () => {
  const baseline = {
    name: 'main',
    soakId: 'soak-1',
    note: '',
    pinnedAtMs: Date.UTC(2026, 10, 24, 13, 5),
    schedule: 'nightly',
  };
  const table = baselinesTable([baseline], plain);
  assert.match(table, /^main +soak-1 +2026-11-24 13:05Z +nightly +–$/m);
  assert.match(baselinesTable([], plain), /oversoak baselines pin NAME SOAK_ID/);
});
