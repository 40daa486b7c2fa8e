import { deflateSync, inflateSync } from 'node:zlib';
import hdr, { type Histogram, type JsHistogram } from 'hdr-histogram-js';
import { BOUNDS } from './bounds.ts';
import { countSince } from './counter.ts';

/** The range of all latency histograms in nanoseconds, as in `native-server/src/metrics`. */
export const LATENCY_RANGE_NS = { least: 1, most: 3_600_000_000_000 } as const;
const RANGE = {
  bitBucketSize: 64,
  lowestDiscernibleValue: LATENCY_RANGE_NS.least,
  highestTrackableValue: LATENCY_RANGE_NS.most,
  numberOfSignificantValueDigits: 3,
} as const;

/** `HIST…` text: HDR histogram V2, deflated, base64; readable by all HDR tools. */
export type HistogramText = string;

const V2_COMPRESSED_COOKIE = 0x1c849304 | 0x10;
const HEADER_BYTES = 8;

export function emptyHistogram(): Histogram {
  return hdr.build(RANGE);
}

/** Wraps the addon's V2 bytes in the compressed HDR format. */
export function histogramText(v2: Uint8Array): HistogramText {
  const deflated = deflateSync(v2);
  const container = Buffer.alloc(HEADER_BYTES + deflated.length);
  container.writeInt32BE(V2_COMPRESSED_COOKIE, 0);
  container.writeInt32BE(deflated.length, 4);
  deflated.copy(container, HEADER_BYTES);
  return container.toString('base64');
}

/** Where a V2 header has its digits and its highest value. */
const DIGITS_AT = 12;
const HIGHEST_AT = 24;

/** Not declared in its types: how the library reads uncompressed data. */
const { decode } = hdr.JsHistogram as unknown as {
  decode(v2: Uint8Array, bitBucketSize: number): Histogram;
};

/**
 * Throws Error for what is no histogram, and for one that is larger than any of this range: a few
 * kilobytes may inflate to a gigabyte, and a header may ask for one.
 */
export function readHistogram(text: HistogramText): Histogram {
  const container = Buffer.from(text, 'base64');
  if (container.length < HEADER_BYTES || container.readInt32BE(0) !== V2_COMPRESSED_COOKIE) {
    throw new Error('not a histogram: HDR V2, compressed, is expected');
  }
  const v2 = inflateSync(container.subarray(HEADER_BYTES), {
    maxOutputLength: BOUNDS.histogram.inflatedBytes,
  });
  const known = v2.length >= HIGHEST_AT + 8;
  const digits = known ? v2.readInt32BE(DIGITS_AT) : Number.NaN;
  const highest = known ? v2.readBigInt64BE(HIGHEST_AT) : 0n;
  if (digits !== RANGE.numberOfSignificantValueDigits || highest > RANGE.highestTrackableValue) {
    throw new Error('not a histogram of three digits up to an hour');
  }
  return decode(v2, RANGE.bitBucketSize);
}

export function writeHistogram(histogram: Histogram): HistogramText {
  return hdr.encodeIntoCompressedBase64(histogram);
}

/**
 * The interval between two cumulative histograms: what `later` counted and `earlier` had not.
 * @throws Error when a bucket decreased
 */
export function intervalHistogram(later: HistogramText, earlier: HistogramText): Histogram {
  const interval = readHistogram(later);
  const before = readHistogram(earlier);
  requireNoFewer(interval, before);
  interval.subtract(before);
  return interval;
}

function requireNoFewer(later: Histogram, earlier: Histogram): void {
  const [now, before] = [bucketsOf(later), bucketsOf(earlier)];
  const last = before.totalCount === 0 ? -1 : before.countsArrayIndex(before.maxValue);
  for (let index = 0; index <= last; index += 1) {
    const count = before.getCountAtIndex(index);
    if (count === 0) continue;
    const name = `of the histogram at ${before.valueFromIndex(index)} ns`;
    countSince(name, now.getCountAtIndex(index), count);
  }
}

/**
 * Exposes the public methods of the library's concrete class, which its readers and builders
 * return.
 */
const bucketsOf = (histogram: Histogram) => histogram as unknown as JsHistogram;

/** `intervalHistogram` as text. */
export function histogramSince(later: HistogramText, earlier: HistogramText): HistogramText {
  return writeHistogram(intervalHistogram(later, earlier));
}

/** Merges by counts; percentiles are never averaged. */
export function mergeHistograms(texts: readonly HistogramText[]): Histogram {
  const merged = emptyHistogram();
  for (const text of texts) merged.add(readHistogram(text));
  return merged;
}

/** The share of echoes that counts as "the slowest": the 1 % above the p99. */
export const SLOWEST_SHARE = 0.01;

/**
 * The mean of the slowest 1 %, at least one echo; null when nothing was counted. A percentile shows
 * where the tail begins, this shows how far it reaches: it also reflects stalls between
 * percentiles.
 */
export function slowestMean(histogram: Histogram): number | null {
  const counted = bucketsOf(histogram);
  const { totalCount } = counted;
  if (totalCount === 0) return null;
  const wanted = Math.ceil(totalCount * SLOWEST_SHARE);
  let left = wanted;
  let sum = 0;
  for (let index = counted.countsArrayIndex(counted.maxValue); left > 0 && index >= 0; index--) {
    const taken = Math.min(left, counted.getCountAtIndex(index));
    if (taken === 0) continue;
    sum += taken * counted.medianEquivalentValue(counted.valueFromIndex(index));
    left -= taken;
  }
  return sum / wanted;
}

/** The same with so many of the largest values less by a difference, and none below the least. */
export function withLargestLess(histogram: Histogram, count: number, lessNs: number): Histogram {
  const counts = bucketsOf(histogram);
  const changed = emptyHistogram();
  if (counts.totalCount === 0) return changed;
  const record = (value: number, found: number) => {
    if (found > 0) changed.recordValueWithCount(Math.max(LATENCY_RANGE_NS.least, value), found);
  };
  let left = count;
  for (let index = counts.countsArrayIndex(counts.maxValue); index >= 0; index--) {
    const found = counts.getCountAtIndex(index);
    const value = counts.valueFromIndex(index);
    const less = Math.min(left, found);
    left -= less;
    record(Math.round(value - lessNs), less);
    record(value, found - less);
  }
  return changed;
}

/**
 * The number of values that satisfy a condition; each is taken as the middle of its bucket, which
 * is 0.1 % wide.
 */
export function countWhere(histogram: Histogram, satisfies: (valueNs: number) => boolean): number {
  return sumOver(histogram, (valueNs) => (satisfies(valueNs) ? 1 : 0));
}

/** The sum of a figure of each value; values are accurate to the histogram's digits. */
export function sumOver(histogram: Histogram, of: (valueNs: number) => number): number {
  const counts = bucketsOf(histogram);
  const last = counts.totalCount === 0 ? -1 : counts.countsArrayIndex(counts.maxValue);
  let sum = 0;
  for (let index = 0; index <= last; index += 1) {
    const count = counts.getCountAtIndex(index);
    if (count === 0) continue;
    sum += count * of(counts.medianEquivalentValue(counts.valueFromIndex(index)));
  }
  return sum;
}

/** Latency summary in microseconds; null when nothing was counted. */
export interface LatencySummary {
  count: number;
  p50Us: number | null;
  p90Us: number | null;
  p99Us: number | null;
  p999Us: number | null;
  slowestUs: number | null;
  maxUs: number | null;
}

export function summarise(histogram: Histogram): LatencySummary {
  const count = histogram.totalCount;
  const slowestNs = slowestMean(histogram);
  const at = (percentile: number) =>
    count === 0 ? null : histogram.getValueAtPercentile(percentile) / 1000;
  return {
    count,
    p50Us: at(50),
    p90Us: at(90),
    p99Us: at(99),
    p999Us: at(99.9),
    slowestUs: slowestNs === null ? null : slowestNs / 1000,
    maxUs: count === 0 ? null : histogram.maxValue / 1000,
  };
}
