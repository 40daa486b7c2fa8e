import { linearRegression, median } from 'simple-statistics';
import { type Point, spanOf } from './points.ts';

/**
 * With fewer cycles the heights of their lowest points show no rise: two teeth of a
 * garbage collector, the second of which is not over, look like a leak.
 */
export const MIN_CYCLES = 8;
/** A fall of this many deviations between neighbours is no noise, even in a month of windows. */
const FALL_DEVIATIONS = 8;
/** A window this many deviations away from both neighbours is a spike. */
const SPIKE_DEVIATIONS = 6;
/** A fall of this share of the rise could be the end of what rose. */
const FALL_SHARE = 0.5;
/** A fall of this many times the usual one ends a larger cycle. */
const LARGER_FALLS = 2;
/** Lowest points must lie in so much of a series, or nothing is known of the rest. */
const MIN_COVER = 0.6;
/** Of a normal distribution: deviation to median of the distance. */
const TO_DEVIATION = 1.4826;

/** What a series rests on once its cycles are taken out. */
export interface Floor {
  /** The lowest point of each cycle, or all points where there is none. */
  points: readonly Point[];
  /** Falls that neither noise nor the rise itself explains; 0: none. */
  cycles: number;
}

/** Without what lasts for one window alone and is farther than so much from both neighbours. */
function withoutSpikes(points: readonly Point[], least: number): Point[] {
  return points.map((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    if (before === undefined || after === undefined) return point;
    const middle = median([before.value, point.value, after.value]);
    // Where the neighbours differ more than that, something fell or rose for good.
    const far = Math.max(least, Math.abs(after.value - before.value));
    return Math.abs(point.value - middle) > far ? { ...point, value: middle } : point;
  });
}

/**
 * The floor of a series. A leak lifts it, whatever rises and falls above it: so where a series has
 * falls that are no noise, the lowest points between them are all that is judged. They may have
 * cycles of their own (a collector's small and large ones), so they are asked again.
 */
export function floorOf(points: readonly Point[]): Floor {
  let noise = neighbourDeviation(points);
  let floor = withoutSpikes(points, SPIKE_DEVIATIONS * noise);
  let cycles = 0;
  while (floor.length >= MIN_CYCLES) {
    const least = Math.max(FALL_SHARE * Math.abs(riseOf(floor)), FALL_DEVIATIONS * noise);
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
 * Falls that end a larger cycle, of which the lowest points of the small ones show nothing where it
 * is the first or the last.
 */
function largerThan(falls: readonly number[], troughs: readonly Point[]): number {
  const usual = median([...falls]);
  const rise = Math.abs(riseOf(troughs));
  const larger = falls.filter(
    (fall) => fall > LARGER_FALLS * usual && fall - usual > FALL_SHARE * rise,
  );
  return larger.length < MIN_CYCLES ? larger.length : 0;
}

/** By a straight line, from the first to the last. */
function riseOf(points: readonly Point[]): number {
  const { m } = linearRegression(points.map(({ atHours, value }) => [atHours, value]));
  return m * spanOf(points);
}

/** How far neighbours scatter, without the outer half of their differences. */
function neighbourDeviation(points: readonly Point[]): number {
  const steps = stepsOf(points);
  const middle = median(steps);
  return (TO_DEVIATION * median(steps.map((step) => Math.abs(step - middle)))) / Math.SQRT2;
}

function stepsOf(points: readonly Point[]): number[] {
  return points.slice(1).map(({ value }, index) => value - (points[index]?.value ?? value));
}

/**
 * Falls of at least so much, and the lowest point of each that is followed by a rise of as much: a
 * fall that goes on at the end has not shown its own.
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

/** How far a lowest point may lie above the true one: what a window of the series rises by. */
export function resolutionOf(points: readonly Point[]): number {
  return Math.abs(median(stepsOf(points)));
}
