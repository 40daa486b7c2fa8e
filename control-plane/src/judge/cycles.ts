import { linearRegression, median } from 'simple-statistics';
import { type Point, spanOf } from './points.ts';

/**
 * With fewer cycles, their lowest points cannot show a rise: two teeth of a garbage collector's
 * sawtooth, the second of them incomplete, look like a leak.
 */
export const MIN_CYCLES = 8;
/** A fall of this many deviations between neighbours is not noise, even in a month of windows. */
const FALL_DEVIATIONS = 8;
/** A window this many deviations away from both neighbours is a spike. */
const SPIKE_DEVIATIONS = 6;
/** A fall of this share of the rise may be the end of the rise. */
const FALL_SHARE = 0.5;
/** A fall this many times the usual fall ends a larger cycle. */
const LARGER_FALLS = 2;
/** The lowest points must span this share of a series, or the rest is unknown. */
const MIN_COVER = 0.6;
/** Standard deviation / median absolute deviation of a normal distribution. */
const TO_DEVIATION = 1.4826;

/** A series without its cycles. */
export interface Floor {
  /** The lowest point of each cycle, or all points without cycles. */
  points: readonly Point[];
  /** Number of falls that neither noise nor the rise itself explains. */
  cycles: number;
}

/** Removes single-window spikes, which differ from both neighbours by more than `least`. */
function withoutSpikes(points: readonly Point[], least: number): Point[] {
  return points.map((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    if (before === undefined || after === undefined) return point;
    const middle = median([before.value, point.value, after.value]);
    // If the neighbours differ more, the level itself changed.
    const far = Math.max(least, Math.abs(after.value - before.value));
    return Math.abs(point.value - middle) > far ? { ...point, value: middle } : point;
  });
}

function mediansOfThree(points: readonly Point[]): Point[] {
  return points.map((point, index) => {
    const near = points.slice(Math.max(0, index - 1), index + 2);
    return { ...point, value: median(near.map(({ value }) => value)) };
  });
}

/**
 * The floor of a series. A leak lifts the floor, regardless of the cycles above it. If a series has
 * falls that are not noise, only the lowest points between them are judged. These may have cycles
 * too (a garbage collector's small and large ones), so the search is repeated.
 */
export function floorOf(points: readonly Point[]): Floor {
  let noise = neighbourDeviation(points);
  let floor = withoutSpikes(points, SPIKE_DEVIATIONS * noise);
  let cycles = 0;
  while (floor.length >= MIN_CYCLES) {
    const least = Math.max(FALL_SHARE * Math.abs(riseOf(floor)), FALL_DEVIATIONS * noise);
    // Noise with long tails has high single windows; a cycle is high and low for longer.
    const lasting = cycles > 0 || cyclesOf(mediansOfThree(floor), least).falls.length > 0;
    if (!lasting) break;
    const { falls, troughs } = cyclesOf(floor, least);
    if (falls.length === 0) break;
    const whole = troughs.length >= MIN_CYCLES && spanOf(troughs) > MIN_COVER * spanOf(points);
    const few = whole ? largerThan(falls, troughs) : falls.length;
    if (few > 0) return { points: floor, cycles: Math.min(few, MIN_CYCLES - 1) };
    cycles = troughs.length;
    floor = troughs;
    noise = neighbourDeviation(troughs);
  }
  return { points: floor, cycles };
}

/**
 * The number of falls that end a larger cycle. The lowest points of the small cycles do not show a
 * larger one that is the first or the last.
 */
function largerThan(falls: readonly number[], troughs: readonly Point[]): number {
  const usual = median([...falls]);
  const rise = Math.abs(riseOf(troughs));
  const larger = falls.filter(
    (fall) => fall > LARGER_FALLS * usual && fall - usual > FALL_SHARE * rise,
  );
  return larger.length < MIN_CYCLES ? larger.length : 0;
}

/** The rise of a fitted straight line from the first point to the last. */
function riseOf(points: readonly Point[]): number {
  const { m } = linearRegression(points.map(({ atHours, value }) => [atHours, value]));
  return m * spanOf(points);
}

/** Robust deviation of the differences between neighbours. */
function neighbourDeviation(points: readonly Point[]): number {
  const steps = stepsOf(points);
  const middle = median(steps);
  return (TO_DEVIATION * median(steps.map((step) => Math.abs(step - middle)))) / Math.SQRT2;
}

function stepsOf(points: readonly Point[]): number[] {
  return points.slice(1).map(({ value }, index) => value - (points[index]?.value ?? value));
}

/**
 * Falls of at least `least`, and the lowest point of each that is followed by an equal rise: a fall
 * that is still in progress at the end has no lowest point yet.
 */
export function cyclesOf(points: readonly Point[], least: number) {
  const troughs: Point[] = [];
  const falls: number[] = [];
  let [high, low] = [points[0], points[0]];
  let falling = false;
  for (const point of least > 0 ? points : []) {
    if (high === undefined || low === undefined) break;
    if (falling) {
      if (point.value < low.value) low = point;
      falls[falls.length - 1] = high.value - low.value;
      if (point.value - low.value < least) continue;
      troughs.push(low);
      [falling, high] = [false, point];
    } else {
      if (point.value > high.value) high = point;
      if (high.value - point.value < least) continue;
      falls.push(high.value - point.value);
      [falling, low] = [true, point];
    }
  }
  return { falls, troughs };
}

/** How far a lowest point may lie above the true minimum: the rise within one window. */
export function resolutionOf(points: readonly Point[]): number {
  return Math.abs(median(stepsOf(points)));
}
