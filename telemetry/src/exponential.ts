import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import type { Histogram, JsHistogram } from 'hdr-histogram-js';

/**
 * Buckets are 2^(1/32) = 1.022 wide, so a quantile is off by at most 1.1 %. All series use the same
 * scale at all times, so a receiver that merges them (Prometheus) never has to widen buckets, and a
 * cumulative series never appears to fall. The range from 1 ns to an hour needs at most 1,336
 * buckets.
 */
export const SCALE = 5;
const BUCKETS_PER_OCTAVE = 2 ** SCALE;
const SECONDS_PER_NS = 1e-9;

/** Index of the bucket (2^(index/32), 2^((index+1)/32)] that contains `value`. */
function bucketIndex(value: number): number {
  return Math.ceil(Math.log2(value) * BUCKETS_PER_OCTAVE) - 1;
}

/**
 * Converts an HDR histogram of nanoseconds to an exponential one of seconds. Counts are exact; sum,
 * minimum and maximum have the precision of HDR buckets, 0.1 %.
 */
export function exponential(histogram: Histogram): ExponentialHistogram {
  // Use the public methods of the library's concrete class, which its readers and builders return.
  const hdr = histogram as unknown as JsHistogram;
  const counts = new Map<number, number>();
  let sumNs = 0;
  let zeroCount = 0;
  const last = hdr.totalCount === 0 ? -1 : hdr.countsArrayIndex(hdr.maxValue);
  for (let index = 0; index <= last; index += 1) {
    const count = hdr.getCountAtIndex(index);
    if (count === 0) continue;
    const valueNs = hdr.medianEquivalentValue(hdr.valueFromIndex(index));
    sumNs += valueNs * count;
    if (valueNs === 0) {
      zeroCount += count;
    } else {
      const bucket = bucketIndex(valueNs * SECONDS_PER_NS);
      counts.set(bucket, (counts.get(bucket) ?? 0) + count);
    }
  }
  return {
    count: hdr.totalCount,
    scale: SCALE,
    sum: sumNs * SECONDS_PER_NS,
    ...extremes(hdr, zeroCount),
    zeroCount,
    positive: dense(counts),
    negative: { offset: 0, bucketCounts: [] },
  };
}

function extremes(hdr: JsHistogram, zeroCount: number): { min?: number; max?: number } {
  if (hdr.totalCount === 0) return {};
  const minNs = zeroCount > 0 ? 0 : hdr.minNonZeroValue;
  return { min: minNs * SECONDS_PER_NS, max: hdr.maxValue * SECONDS_PER_NS };
}

function dense(counts: ReadonlyMap<number, number>): ExponentialHistogram['positive'] {
  if (counts.size === 0) return { offset: 0, bucketCounts: [] };
  const offset = Math.min(...counts.keys());
  const length = Math.max(...counts.keys()) - offset + 1;
  return {
    offset,
    bucketCounts: Array.from({ length }, (_, at) => counts.get(offset + at) ?? 0),
  };
}
