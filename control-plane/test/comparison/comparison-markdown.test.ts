import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparedCell, comparison } from '@oversoak/testing/builders/soaks';
import { comparisonMarkdown } from '../../src/comparison/comparison-markdown.ts';

test('a soak in Markdown: its verdict, a row per cell, and why a cell did not pass', () => {
  const failed = comparedCell('event', {
    key: 'event.homo.100',
    verdict: 'failed',
    reasons: ['errors.corrupt is 3 | not 0'],
    errors: { corrupt: 3 },
  });
  const lines = comparisonMarkdown(
    comparison([comparedCell('iocp'), failed], { name: 'my_soak', verdict: 'failed' }),
  ).split('\n');
  assert.equal(lines[0], '**my\\_soak** (soak-1): **failed**');
  const rows = lines.filter((line) => line.startsWith('|'));
  assert.deepEqual(rows.slice(2), [
    '| iocp.homo.100 | passed | 800.0 | 800.0 | 0.41 | 1.93 | 118.4 | 0 | 42.1 | 46.1 |',
    '| event.homo.100 | failed | 800.0 | 800.0 | 0.41 | 1.93 | 118.4 | 3 | 42.1 | 46.1 |',
  ]);
  assert.equal(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length)).size, 1, 'one width');
  assert.ok(lines.includes('- event.homo.100: errors.corrupt is 3 \\| not 0'));
});

test('a soak that is not done says so, and shows what it has', () => {
  const open = comparison([comparedCell('iocp', { verdict: null, reasons: [] })], {
    verdict: null,
    complete: false,
  });
  assert.match(
    comparisonMarkdown(open),
    /^\*\*demo\*\* \(soak-1\): \*\*not done\*\*, not complete yet\n/,
  );
});
