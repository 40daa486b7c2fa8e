import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CellDifference,
  type DifferenceMetric,
  differenceText,
  type SoakDifference,
} from '@oversoak/contracts';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { madeRepeats } from '@oversoak/testing/builders/made-repeats';
import { Value } from 'typebox/value';
import { type CellRepeats, cellDifference } from '../../src/comparison/difference.ts';
import { differenceCsv } from '../../src/comparison/difference-csv.ts';
import { differenceMarkdown } from '../../src/comparison/difference-markdown.ts';
import { differenceNotes, differingFields } from '../../src/comparison/difference-notes.ts';
import { matchCells, parseSelector } from '../../src/comparison/selector.ts';

const P99 = 'echo.latency.p99';

function differenceOf(left: CellRepeats, right: CellRepeats, metric: DifferenceMetric = P99) {
  const found = cellDifference(left, right, false).metrics.find((each) => each.metric === metric);
  assert.ok(found);
  return found;
}

const cell = (key: string, ...p99s: (number | null)[]): CellRepeats => ({
  key,
  repeats: madeRepeats(P99, p99s),
});

describe('a difference', () => {
  const left = cell('a', 1000, 1010, 990);

  it('compares right with left, and states the smallest detectable change', () => {
    const worse = differenceOf(left, cell('b', 1340, 1350, 1330));
    assert.match(differenceText(worse), /^34 % higher \(seen from \d\.\d % on\)$/);
    const better = differenceOf(left, cell('b', 900, 902, 898));
    assert.match(differenceText(better), /^10\.0 % lower \(seen from /);
    const { unit, leftRepeats, rightRepeats, paired, why } = worse;
    assert.deepEqual([unit, leftRepeats, rightRepeats, paired, why], ['us', 3, 3, false, null]);
    const none = differenceOf(left, cell('b', 1005, 1001, 994));
    assert.match(
      differenceText(none),
      /^no difference seen \(a change under \d\.\d % would go unseen\)$/,
    );
  });

  it('states a factor where only a change by a multiple could be detected', () => {
    const wild = differenceOf(cell('a', 1000, 9000, 3000), cell('b', 2000, 500, 9000));
    assert.match(
      differenceText(wild),
      /^no difference seen \(a change under a factor of \d+(\.\d)? would go unseen\)$/,
    );
  });

  it('shows geometric means, whose ratio it is', () => {
    const found = differenceOf(cell('a', 1000, 4000), cell('b', 100, 400));
    assert.deepEqual(
      [found.left, found.right, found.ratio].map((of) => of?.toFixed(3)),
      ['2000.000', '200.000', '0.100'],
    );
  });

  it('makes no claim from one repeat on a side, however large the difference', () => {
    for (const [of, other] of [
      [cell('a', 1000), cell('b', 9000)],
      [cell('a', 1000), cell('b', 9000, 9000, 9000)],
      [left, cell('b', 9000)],
    ] as const) {
      const found = differenceOf(of, other);
      assert.equal(differenceText(found), 'unknown: one repeat allows no claim');
      assert.deepEqual([found.low, found.high, found.smallestSeen], [null, null, null]);
      assert.ok(found.ratio !== null && found.ratio > 8);
    }
  });

  it('is unknown if a side has no figure, or a figure of 0', () => {
    assert.equal(differenceText(differenceOf(left, cell('b', null, null))), 'unknown: no figure');
    assert.equal(differenceText(differenceOf(left, cell('b'))), 'unknown: no figure');
    const idle = differenceOf(left, cell('b', 0, 1000));
    assert.deepEqual([differenceText(idle), idle.ratio], ['unknown: a figure is 0', null]);
  });

  it('uses repeats that exist on one side only', () => {
    const found = differenceOf(left, cell('b', 1000, null, 1010, 1005, 990));
    assert.deepEqual([found.leftRepeats, found.rightRepeats, found.difference], [3, 4, 'none']);
  });
});

describe('selectors', () => {
  it('have four forms', () => {
    assert.deepEqual(parseSelector('soak-1'), {
      from: { kind: 'soak', soakId: 'soak-1' },
      cell: null,
    });
    assert.deepEqual(parseSelector('baseline:main/iocp.homo.100'), {
      from: { kind: 'baseline', name: 'main' },
      cell: 'iocp.homo.100',
    });
    assert.equal(parseSelector('soak-1/iocp.homo.100')?.cell, 'iocp.homo.100');
    for (const wrong of ['', '/x', 'soak-1/', 'baseline:', 'baseline:X', 'night:x', 'a b']) {
      assert.equal(parseSelector(wrong), null, wrong);
    }
  });

  it('match cells by key, or one with all', () => {
    const all = { keys: ['a', 'b'], cell: null };
    const other = { keys: ['b', 'c'], cell: null };
    assert.deepEqual(matchCells(all, other), {
      pairs: [{ left: 'b', right: 'b' }],
      unmatched: ['a', 'c'],
    });
    assert.deepEqual(matchCells({ ...all, cell: 'a' }, other).pairs, [
      { left: 'a', right: 'b' },
      { left: 'a', right: 'c' },
    ]);
    assert.deepEqual(matchCells(all, { ...other, cell: 'c' }).pairs.length, 2);
    assert.deepEqual(matchCells({ ...all, cell: 'a' }, { ...other, cell: 'c' }).pairs, [
      { left: 'a', right: 'c' },
    ]);
  });
});

describe('differingFields', () => {
  it('names only fields that affect the measurement', () => {
    const spec = madeSpec();
    assert.deepEqual(differingFields(spec, { ...spec, name: 'other', priority: 9 }), []);
    const { phases, matrix } = spec;
    const other = madeSpec({
      phases: { ...phases, measureSeconds: 9 },
      matrix: { ...matrix, sessions: [10, 20] },
    });
    assert.deepEqual(differingFields(spec, other), ['matrix.sessions', 'phases.measureSeconds']);
  });
});

describe('written down', () => {
  const compared = cellDifference(
    cell('iocp.homo.10', 1930, 1931),
    cell('event.homo.10', 1000, 1001),
    false,
  );
  const difference: SoakDifference = {
    left: { selector: '=cmd|x', soakId: 'soak-1', name: 'made_by|us' },
    right: { selector: 'baseline:main', soakId: 'soak-2', name: 'made' },
    platform: ['Wine 8.0 on Linux: not Windows performance'],
    cells: [compared],
    unmatched: ['rio.homo.10'],
    notes: ['one repeat alone <b>'],
  };

  it('matches its schema', () => {
    assert.deepEqual(Value.Errors(CellDifference, compared), []);
  });

  it('as CSV: a line per metric, empty fields for null, formulas escaped', () => {
    const lines = differenceCsv(difference).trimEnd().split('\n');
    assert.equal(lines.length, 7);
    const header = lines[0]?.split(',') ?? [];
    const field = (line: number, name: string) => lines[line]?.split(',')[header.indexOf(name)];
    assert.equal(field(2, 'left.selector'), "'=cmd|x");
    assert.equal(field(2, 'metric'), P99);
    assert.equal(field(2, 'difference'), 'lower');
    assert.match(field(2, 'smallestSeen') ?? '', /^1\.00/);
    assert.equal(field(1, 'ratio'), '');
    assert.equal(field(1, 'difference'), 'unknown');
    assert.equal(field(1, 'why'), 'no figure');
  });

  it('as Markdown: a table whose cells hold no markup of others', () => {
    const text = differenceMarkdown(difference);
    const row = text.split('\n').find((line) => line.includes('p99 ')) ?? '';
    const fields = row.split('|').map((each) => each.trim());
    assert.deepEqual(fields.slice(1, 5), [
      'iocp.homo.10 → event.homo.10',
      'p99',
      '1.93 ms',
      '1.00 ms',
    ]);
    assert.match(fields[5] ?? '', /^0\.52 \\\[0\.5\d, 0\.5\d\\\]$/);
    assert.match(fields[6] ?? '', /^48 % lower \(seen from \d\.\d % on\)$/);
    assert.match(text, /\*\*Left:\*\* made\\_by\\\|us \(soak-1\)/);
    assert.match(text, /^- platform: Wine 8\.0 on Linux: not Windows performance$/m);
    assert.match(text, /^- on one side only: rio\.homo\.10$/m);
    assert.match(text, /^- one repeat alone \\<b\\>$/m);
    const bars = text.split('\n').filter((line) => line.startsWith('|'));
    assert.equal(new Set(bars.map((line) => line.split(/(?<!\\)\|/).length)).size, 1);
  });
});

describe('the notes of a difference', () => {
  it('name the repeats in which many messages have no latency', () => {
    const side = (...shares: number[]) => {
      const { key, repeats } = cell('iocp.homo.100', ...shares.map(() => 1000));
      const disturbed = repeats.map((repeat, index) => ({
        ...repeat,
        disturbedPercent: shares[index] ?? 0,
      }));
      const soak = { soakId: 'soak-a', spec: madeSpec() };
      return { soak, cells: [{ key, repeats: disturbed, leftOut: [] }] };
    };
    const quiet = side(0, 1);
    assert.deepEqual(differenceNotes(quiet, quiet), []);
    assert.deepEqual(differenceNotes(quiet, side(0, 2.5)), [
      'in soak-a standstills of the fleet disturbed more than 1 % of the messages, which ' +
        'are in no latency: iocp.homo.100 #2 (2.5 %)',
    ]);
  });
});
