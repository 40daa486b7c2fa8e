import jStat from 'jstat';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { median, sampleVariance, sampleWithReplacement } from 'simple-statistics';

/** The windows of one repeat on both sides, each in its order. */
export interface RepeatPair {
  left: readonly number[];
  right: readonly number[];
}

export interface MedianRatio {
  /** Medians over repeats and windows. */
  left: number;
  right: number;
  /** right / left; null unless both are above 0. */
  ratio: number | null;
  /** Where the true ratio lies at 95 %; null: too few windows, or a median is 0. */
  interval: { low: number; high: number } | null;
  /** Of the side that has fewer. */
  windows: number;
}

/** Fewer than these on a side tell too little of how far windows lie apart. */
export const LEAST_WINDOWS = 8;

export const CONFIDENCE = 0.95;

/** Enough for a standard error that is right to some 4 %. */
const DRAWS = 400;
/** The same data get the same interval, whoever asks and whenever. */
const SEED = 4;

type Random = () => number;

/** How many standard errors an interval reaches to each side. */
export function studentT(df: number, confidence = CONFIDENCE): number {
  return jStat.studentt.inv((1 + confidence) / 2, df);
}

/**
 * Neighbouring windows are not independent: a stall or a collection of garbage lasts over several.
 * Drawn one by one they would pass for more evidence than they are, drawn in blocks they keep their
 * company. Blocks of √n are long beside such a stall, and there are enough of them to draw from.
 */
const blockLength = (windows: number) => Math.ceil(Math.sqrt(windows));
const blocks = (windows: number) => windows / blockLength(windows);

/** As many windows as there are, in blocks from anywhere; the last one runs on into the first. */
function drawBlocks(windows: readonly number[], random: Random, into: number[]): void {
  const { length } = windows;
  const block = blockLength(length);
  for (let drawn = 0; drawn < length; drawn += block) {
    const start = Math.floor(random() * length);
    for (let at = 0; at < Math.min(block, length - drawn); at++) {
      into.push(windows[(start + at) % length] ?? Number.NaN);
    }
  }
}

const logRatio = (left: number[], right: number[]) => Math.log(median(right) / median(left));

function drawn(pairs: readonly RepeatPair[], random: Random): number {
  const left: number[] = [];
  const right: number[] = [];
  for (const pair of pairs) {
    drawBlocks(pair.left, random, left);
    drawBlocks(pair.right, random, right);
  }
  return logRatio(left, right);
}

function varianceOf(draw: () => number): number {
  return sampleVariance(Array.from({ length: DRAWS }, draw));
}

/**
 * Variance of the log ratio, and the degrees of freedom that it is known with. Two bootstraps tell
 * its two parts: blocks of windows are drawn with every repeat in its place, and then within
 * repeats that are drawn themselves, as pairs. What the second adds is the repeats' own part; from
 * n of them it comes out (n−1)/n too small, which the few repeats of a soak would feel. The degrees
 * of freedom are Satterthwaite's: few where repeats differ more than their windows explain, many
 * where they agree.
 */
function spread(pairs: readonly RepeatPair[], random: Random) {
  const { length: repeats } = pairs;
  const withinRepeats = varianceOf(() => drawn(pairs, random));
  const blocksOf = (side: keyof RepeatPair) =>
    pairs.reduce((count, pair) => count + blocks(pair[side].length) - 1, 0);
  const windowsDf = Math.max(1, 2 * Math.min(blocksOf('left'), blocksOf('right')));
  if (repeats === 1) return { variance: withinRepeats, df: windowsDf };
  const both = varianceOf(() => drawn(sampleWithReplacement([...pairs], repeats, random), random));
  const total = ((both - withinRepeats) * repeats) / (repeats - 1);
  const ofRepeats = Math.max(0, total - withinRepeats);
  const variance = withinRepeats + ofRepeats;
  const df = variance ** 2 / (ofRepeats ** 2 / (repeats - 1) + withinRepeats ** 2 / windowsDf);
  return { variance, df };
}

/**
 * The ratio of the medians of two sides over repeats and windows, and its 95 % interval: the
 * bootstrap's standard error times Student's t, in the logarithm. Null without windows on a side.
 *
 * simple-statistics draws the repeats and takes the medians; it has no bootstrap of blocks.
 */
export function ratioOfMedians(given: readonly RepeatPair[]): MedianRatio | null {
  const pairs = given.filter(({ left, right }) => left.length > 0 && right.length > 0);
  if (pairs.length === 0) return null;
  const [lefts, rights] = [pairs.flatMap((pair) => pair.left), pairs.flatMap((pair) => pair.right)];
  const windows = Math.min(lefts.length, rights.length);
  const [left, right] = [median(lefts), median(rights)];
  const ratio = left > 0 && right > 0 ? right / left : null;
  if (ratio === null || windows < LEAST_WINDOWS) {
    return { left, right, ratio, interval: null, windows };
  }
  const generator = xoroshiro128plus(SEED);
  const { variance, df } = spread(pairs, () => uniformFloat64(generator));
  // A draw whose median is 0 has no ratio, and then neither has the interval.
  if (!Number.isFinite(variance)) return { left, right, ratio, interval: null, windows };
  const reach = variance === 0 ? 0 : studentT(df) * Math.sqrt(variance);
  const interval = { low: ratio * Math.exp(-reach), high: ratio * Math.exp(reach) };
  return { left, right, ratio, interval, windows };
}
