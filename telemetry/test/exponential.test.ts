import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyHistogram } from '@oversoak/contracts';
import { exponential, SCALE } from '../src/exponential.ts';

const BASE = 2 ** (2 ** -SCALE);
/** Of an HDR bucket, with three significant digits. */
const HDR_ERROR = 0.001;

function near(actual: number | undefined, expected: number, share: number): void {
  const off = Math.abs((actual ?? Number.NaN) - expected);
  assert.ok(off <= expected * share, `${actual} is not within ${share} of ${expected}`);
}

/** Latencies from about 1 µs to about 20 s, log-normal around 200 µs; the same ones every time. */
function latencies(count: number): number[] {
  let seed = 1;
  const uniform = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    return Math.round(Math.min(2e10, 200_000 * Math.exp(1.5 * normal)));
  });
}

function histogramOf(values: readonly number[]) {
  const histogram = emptyHistogram();
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

/** Geometric middle of the bucket that the quantile is in. */
function quantile({ positive, zeroCount, count }: ReturnType<typeof exponential>, q: number) {
  let seen = zeroCount;
  for (const [at, inBucket] of positive.bucketCounts.entries()) {
    seen += inBucket;
    if (seen >= Math.ceil(count * q)) return BASE ** (positive.offset + at + 0.5);
  }
  return Number.NaN;
}

test('all counts, the sum, the smallest and the largest value are kept', () => {
  const values = latencies(20_000);
  const out = exponential(histogramOf(values));
  const counted = out.positive.bucketCounts.reduce((sum, count) => sum + count, out.zeroCount);
  assert.equal(out.count, 20_000);
  assert.equal(counted, 20_000);
  near(out.sum, values.reduce((sum, value) => sum + value, 0) * 1e-9, HDR_ERROR);
  near(out.min, Math.min(...values) * 1e-9, HDR_ERROR);
  near(out.max, Math.max(...values) * 1e-9, HDR_ERROR);
});

test('quantiles are within half a bucket, and the error of the HDR bucket', () => {
  const values = latencies(20_000).toSorted((a, b) => a - b);
  const out = exponential(histogramOf(values));
  for (const q of [0.01, 0.5, 0.9, 0.99, 0.999]) {
    const exact = (values[Math.ceil(values.length * q) - 1] ?? 0) * 1e-9;
    near(quantile(out, q), exact, Math.sqrt(BASE) - 1 + HDR_ERROR);
  }
});

test('each value lies in its bucket, bounds included', () => {
  // The first is the only one that is a bound: 1 s = 2^0, the upper end of bucket -1.
  for (const valueNs of [1_000_000_000, 1, 1_500, 999_999, 60_000_000_000]) {
    const { positive } = exponential(histogramOf([valueNs]));
    assert.deepEqual(positive.bucketCounts, [1]);
    const seconds = valueNs * 1e-9;
    assert.ok(BASE ** positive.offset < seconds * (1 + HDR_ERROR), `${valueNs} is too low`);
    assert.ok(BASE ** (positive.offset + 1) > seconds * (1 - HDR_ERROR), `${valueNs} is too high`);
  }
});

test('zeros are counted apart', () => {
  const out = exponential(histogramOf([0, 0, 2_000]));
  assert.equal(out.zeroCount, 2);
  assert.equal(out.count, 3);
  assert.equal(out.min, 0);
  assert.deepEqual(out.positive.bucketCounts, [1]);
});

test('an empty histogram has no smallest and no largest value', () => {
  assert.deepEqual(exponential(emptyHistogram()), {
    count: 0,
    sum: 0,
    scale: SCALE,
    zeroCount: 0,
    positive: { offset: 0, bucketCounts: [] },
    negative: { offset: 0, bucketCounts: [] },
  });
});

test('the next export of a series has the same scale, and no bucket decreases', () => {
  const values = latencies(3_000);
  const grown = [...values, 1, 3_599_000_000_000];
  const [before, after] = [exponential(histogramOf(values)), exponential(histogramOf(grown))];
  assert.equal(after.scale, before.scale);
  for (const [at, count] of before.positive.bucketCounts.entries()) {
    const index = before.positive.offset + at - after.positive.offset;
    assert.ok((after.positive.bucketCounts[index] ?? 0) >= count);
  }
  assert.ok(after.positive.bucketCounts.length <= 1_336);
});
