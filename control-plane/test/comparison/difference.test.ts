import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CellDifference,
  type DifferenceMetric,
  differenceText,
  noiseFloorText,
  type SoakDifference,
} from '@oversoak/contracts';
import { Value } from 'typebox/value';
import { cellDifference } from '../../src/comparison/difference.ts';
import { differenceCsv } from '../../src/comparison/difference-csv.ts';
import { differenceMarkdown } from '../../src/comparison/difference-markdown.ts';
import { differingFields } from '../../src/comparison/difference-notes.ts';
import { type Noise, noiseFloor, noiseOf } from '../../src/comparison/noise.ts';
import type { ObservedRun } from '../../src/comparison/observed.ts';
import { matchCells, parseSelector } from '../../src/comparison/selector.ts';
import { madeSpec } from '../made-figures.ts';
import { madeSeries, normal, type Random, seeded } from '../made-windows.ts';

const P99 = 'echo.latency.p99';

function observed(repeat: number, values: number[], metric: DifferenceMetric = P99): ObservedRun {
  return {
    repeat,
    gang: 'server agent-a, fleet agent-b (Wine)',
    platform: ['Wine'],
    observations: {
      'echo.latency.p50': [],
      'echo.latency.p99': [],
      'achieved.rate': [],
      serverCpuSecondsPer1000Echoes: [],
      serverWorkingSet: [],
      [metric]: values,
    },
  };
}

/** Runs of a cell on machines that move each by a tenth of the noise that windows have. */
function runs(random: Random, repeats: number, windows = 20, shift = 0): ObservedRun[] {
  return Array.from({ length: repeats }, (_, index) => {
    const offset = shift + 0.05 * normal(random);
    return observed(index + 1, madeSeries(random, { windows, offset }));
  });
}

function p99Of(left: ObservedRun[], right: ObservedRun[], noise: Noise | null) {
  const { metrics } = cellDifference({ key: 'a', runs: left }, { key: 'b', runs: right }, noise);
  const found = metrics.find(({ metric }) => metric === P99);
  assert.ok(found);
  return found;
}

/** As an A/A soak of three cells and three repeats finds it. */
function measuredNoise(random: Random): Noise {
  const twins = [1, 2, 3].map(() => ({ left: runs(random, 3), right: runs(random, 3) }));
  return noiseOf('soak-aa', twins);
}

describe('cells that are the same', () => {
  for (const repeats of [1, 3]) {
    it(`are "none" 95 times in a hundred and more, of ${repeats} repeats`, (test) => {
      let none = 0;
      const simulations = 200;
      for (let seed = 1; seed <= simulations; seed++) {
        const random = seeded(seed);
        const noise = measuredNoise(random);
        const { difference } = p99Of(runs(random, repeats), runs(random, repeats), noise);
        if (difference === 'none') none += 1;
      }
      test.diagnostic(`"none" in ${(none / simulations) * 100} %`);
      assert.ok(none / simulations >= 0.95, `${none} of ${simulations}`);
    });
  }
});

describe('the noise floor', () => {
  it('holds the ratios of equal runs, as many as are compared', (test) => {
    for (const repeats of [1, 4]) {
      let held = 0;
      for (let seed = 1; seed <= 200; seed++) {
        const random = seeded(seed);
        const floor = noiseFloor(measuredNoise(random), P99, repeats);
        const { ratio } = p99Of(runs(random, repeats), runs(random, repeats), null);
        assert.ok(floor && ratio);
        if (floor.low <= ratio && ratio <= floor.high) held += 1;
      }
      test.diagnostic(`${repeats} repeats: held ${held / 2} %`);
      assert.ok(held >= 180 && held <= 199, `${held} of 200`);
    }
  });

  it('turns a difference that the windows alone would show into none', () => {
    const random = seeded(5);
    const one = (offset: number) => [observed(1, madeSeries(random, { windows: 60, offset }))];
    const [left, right] = [one(0), one(0.25)];
    const noise = (deviation: number): Noise => ({
      soakId: 'soak-aa',
      metrics: { [P99]: { deviation, pairs: 9 } },
    });
    assert.equal(p99Of(left, right, null).difference, 'higher');
    assert.equal(p99Of(left, right, noise(0.01)).difference, 'higher');
    const inside = p99Of(left, right, noise(0.2));
    assert.equal(inside.difference, 'none');
    assert.equal(inside.noiseFloor?.pairs, 9);
    assert.equal(inside.noiseFloor?.soakId, 'soak-aa');
  });

  it('needs three pairs of the metric', () => {
    const random = seeded(1);
    const twins = (repeats: number) => [{ left: runs(random, repeats), right: runs(random, 9) }];
    assert.equal(noiseOf('soak-aa', twins(2)).metrics[P99], undefined);
    assert.equal(noiseOf('soak-aa', twins(3)).metrics[P99]?.pairs, 3);
    assert.equal(noiseFloor(noiseOf('soak-aa', twins(2)), P99, 1), null);
    assert.equal(noiseFloor(noiseOf('soak-aa', twins(3)), 'achieved.rate', 1), null);
  });
});

describe('a difference', () => {
  const flat = (value: number) => Array.from({ length: 9 }, (_, at) => value + (at % 3));

  it('is of right against left', () => {
    const left = [observed(1, flat(1000))];
    const worse = p99Of(left, [observed(1, flat(1340))], null);
    assert.deepEqual([worse.difference, differenceText(worse)], ['higher', '34 % higher']);
    const better = p99Of(left, [observed(1, flat(951))], null);
    assert.deepEqual([better.difference, differenceText(better)], ['lower', '4.9 % lower']);
    assert.deepEqual([worse.unit, worse.repeats, worse.windows], ['us', 1, 9]);
  });

  it('is none where the histograms cannot tell, however sure the interval', () => {
    const still = (value: number) => [observed(1, Array(9).fill(value))];
    assert.equal(p99Of(still(1000), still(1001), null).difference, 'none');
    assert.equal(p99Of(still(1000), still(1005), null).difference, 'higher');
  });

  it('is unknown, without an interval, where there is too little', () => {
    for (const right of [[], [observed(1, [])], [observed(2, flat(9))], [observed(1, [1, 2])]]) {
      const found = p99Of([observed(1, flat(9))], right, null);
      assert.deepEqual(
        [found.difference, found.low, found.high, differenceText(found)],
        ['unknown', null, null, 'unknown'],
      );
    }
  });

  it('pairs by the number of the repeat', () => {
    const of = (...repeats: number[]) => repeats.map((repeat) => observed(repeat, flat(1000)));
    assert.equal(p99Of(of(1, 2, 3), of(2, 3, 4), null).repeats, 2);
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
  it('names what was measured otherwise, and nothing else', () => {
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
  const flat = (value: number) => Array.from({ length: 9 }, (_, at) => value + (at % 3));
  const noise: Noise = { soakId: 'soak-aa', metrics: { [P99]: { deviation: 0.03, pairs: 9 } } };
  const cell = cellDifference(
    { key: 'iocp.homo.10', runs: [observed(1, flat(1930))] },
    { key: 'event.homo.10', runs: [observed(1, flat(1000))] },
    noise,
  );
  const difference: SoakDifference = {
    left: { selector: '=cmd|x', soakId: 'soak-1', name: 'made_by|us' },
    right: { selector: 'baseline:main', soakId: 'soak-2', name: 'made' },
    platform: ['Wine 8.0 on Linux: not Windows performance'],
    cells: [cell],
    unmatched: ['rio.homo.10'],
    notes: ['one repeat alone <b>'],
  };

  it('is what its schema says', () => {
    assert.deepEqual(Value.Errors(CellDifference, cell), []);
  });

  it('as CSV: a line per metric, null as nothing, formulas disarmed', () => {
    const lines = differenceCsv(difference).trimEnd().split('\n');
    assert.equal(lines.length, 6);
    const header = lines[0]?.split(',') ?? [];
    const field = (line: number, name: string) => lines[line]?.split(',')[header.indexOf(name)];
    assert.equal(field(2, 'left.selector'), "'=cmd|x");
    assert.equal(field(2, 'metric'), P99);
    assert.equal(field(2, 'difference'), 'lower');
    assert.equal(field(2, 'noiseFloor.pairs'), '9');
    assert.equal(field(1, 'ratio'), '');
    assert.equal(field(1, 'difference'), 'unknown');
  });

  it('as Markdown: a table whose cells hold no markup of others', () => {
    const text = differenceMarkdown(difference);
    const row = text.split('\n').find((line) => line.includes('p99')) ?? '';
    const fields = row.split('|').map((each) => each.trim());
    assert.deepEqual(fields.slice(1, 5), [
      'iocp.homo.10 → event.homo.10',
      'p99',
      '1.93 ms',
      '1.00 ms',
    ]);
    assert.match(fields[5] ?? '', /^0\.52 \\\[0\.52, 0\.52\\\]$/);
    assert.deepEqual(fields.slice(6, 8), [
      '48 % lower',
      noiseFloorText(cell.metrics[1]?.noiseFloor ?? null),
    ]);
    assert.match(text, /\*\*Left:\*\* made\\_by\\\|us \(soak-1\)/);
    assert.match(text, /^- platform: Wine 8\.0 on Linux: not Windows performance$/m);
    assert.match(text, /^- only one side has rio\.homo\.10$/m);
    assert.match(text, /^- one repeat alone \\<b\\>$/m);
    const bars = text.split('\n').filter((line) => line.startsWith('|'));
    assert.equal(new Set(bars.map((line) => line.split(/(?<!\\)\|/).length)).size, 1);
  });
});
