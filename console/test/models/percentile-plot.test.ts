import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  colouredKeys,
  latencyText,
  percentilePlot,
  percentileText,
} from '../../src/models/percentile-plot.ts';

const cell = (key: string, us: number[]) => ({
  key,
  latency: { oneIn: us.map((_, index) => 10 ** index), us },
  typical: null,
});

describe('the plot of latency by percentile', () => {
  it('has a step of the same width for each nine', () => {
    const [line] = percentilePlot([cell('a', [100, 200, 1000, 10_000])]).lines;
    const xs = line?.points.map(({ x }) => Number(x.toFixed(6)));
    assert.deepEqual(xs, [0, 0.333333, 0.666667, 1]);
  });

  it('puts a latency at its decade', () => {
    const { lines, latencies } = percentilePlot([cell('a', [100, 1000, 10_000])]);
    assert.deepEqual(
      lines[0]?.points.map(({ y }) => y),
      [0, 0.5, 1],
    );
    assert.ok(latencies.some(({ at, text }) => at === 0.5 && text === '1.00 ms'));
  });

  it('has one axis for all cells, and no line for one without an echo', () => {
    const plot = percentilePlot([cell('a', [100, 200]), cell('b', [100, 200, 400]), cell('c', [])]);
    assert.deepEqual(
      plot.lines.map(({ key, points }) => [key, points.at(-1)?.x]),
      [
        ['a', 0.5],
        ['b', 1],
      ],
    );
  });

  it('writes percentiles and latencies in readable units', () => {
    assert.deepEqual([2, 10, 100, 1000, 100_000].map(percentileText), [
      '50 %',
      '90 %',
      '99 %',
      '99.9 %',
      '99.999 %',
    ]);
    assert.deepEqual([0.5, 250, 1200, 3e6].map(latencyText), [
      '0.5 µs',
      '250 µs',
      '1.20 ms',
      '3.00 s',
    ]);
  });

  it('colours the cells with the lowest p99 first', () => {
    const cells = [5, null, 1, 3].map((p99Us, index) => ({
      key: `c${index}`,
      latencyIntended: { p99Us },
    }));
    assert.deepEqual(colouredKeys(cells), ['c2', 'c3', 'c0', 'c1']);
    assert.equal(colouredKeys(Array.from({ length: 80 }, () => cells[0] as never)).length, 8);
  });
});
