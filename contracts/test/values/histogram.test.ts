import assert from 'node:assert/strict';
import { test } from 'node:test';
import hdr from 'hdr-histogram-js';
import {
  countWhere,
  emptyHistogram,
  histogramSince,
  histogramText,
  mergeHistograms,
  readHistogram,
  summarise,
  withLargestLess,
  writeHistogram,
} from '../../src/index.ts';

function textOf(values: number[]): string {
  const histogram = emptyHistogram();
  for (const value of values) histogram.recordValue(value);
  return writeHistogram(histogram);
}

test('the interval between two cumulative histograms holds what came in between', () => {
  const interval = readHistogram(histogramSince(textOf([1000, 2000, 9e6]), textOf([2000])));
  assert.equal(interval.totalCount, 2);
  assert.equal(Math.round(interval.maxValue / 1e4), 900);
});

test('a histogram that lost values is named with both counts', () => {
  const lost = () => histogramSince(textOf([1000, 3000]), textOf([1000, 1000]));
  assert.throws(lost, /counter of the histogram at 1000 ns ran backwards: 2, then 1/);
});

test('merging adds counts and averages nothing', () => {
  const merged = mergeHistograms([textOf([1000, 1000, 1000]), textOf([1e9])]);
  const summary = summarise(merged);
  assert.equal(summary.count, 4);
  assert.equal(summary.p50Us, 1);
  assert.ok((summary.maxUs ?? 0) >= 1e6);
});

test('an empty histogram has figures of null, not 0', () => {
  assert.deepEqual(summarise(emptyHistogram()), {
    count: 0,
    p50Us: null,
    p90Us: null,
    p99Us: null,
    p999Us: null,
    slowestUs: null,
    maxUs: null,
  });
});

test('the slowest 1 % are averaged, and no faster one with them', () => {
  const of = (values: number[]) => summarise(mergeHistograms([textOf(values)])).slowestUs ?? 0;
  const fast = Array.from({ length: 98 }, () => 1000);
  assert.ok(Math.abs(of([...fast, ...fast, 4e6, 8e6, 1e3, 1e3]) - 6000) < 6);
  // Fewer than a hundred: the slowest of them.
  assert.ok(Math.abs(of([1000, 2000, 5e6]) - 5000) < 5);
});

test('the largest values can be taken as less', () => {
  const values = [1000, 2000, 2000, 3000, 4000];
  const of = (count: number, lessNs: number) => {
    const changed = withLargestLess(mergeHistograms([textOf(values)]), count, lessNs);
    const from = (least: number) => countWhere(changed, (ns) => ns > least * 0.99);
    return [changed.totalCount, from(1000), from(2000), from(3000), from(4000)];
  };
  assert.deepEqual(of(0, 9000), [5, 5, 4, 2, 1]);
  assert.deepEqual(of(2, 9000), [5, 3, 2, 0, 0]);
  assert.deepEqual(of(3, 9000), [5, 2, 1, 0, 0]);
  assert.deepEqual(of(9, 9000), [5, 0, 0, 0, 0]);
  assert.deepEqual(of(2, 1000), [5, 5, 4, 1, 0]);
});

test('compressed data larger than any histogram is refused before it is inflated', () => {
  assert.throws(
    () => readHistogram(histogramText(Buffer.alloc(300_000_000))),
    /larger than 1048576 bytes/,
  );
});

test('a histogram of another range is refused, and so is invalid data', () => {
  const wide = hdr.build({ numberOfSignificantValueDigits: 5, highestTrackableValue: 2 ** 52 });
  assert.throws(
    () => readHistogram(hdr.encodeIntoCompressedBase64(wide)),
    /three digits up to an hour/,
  );
  for (const text of [
    '',
    'HIST',
    'AAAAAAAAAAAA',
    histogramText(Buffer.alloc(3)),
    textOf([1]).slice(0, 20),
  ]) {
    assert.throws(() => readHistogram(text), Error, text);
  }
});
