import { mean } from 'simple-statistics';

/** A figure at one time. */
export interface Point {
  atHours: number;
  value: number;
}

/** More points than this are thinned, which lowers their autocorrelation. */
export const MAX_POINTS = 60;

/** Hours from the first to the last point. */
export function spanOf(points: readonly Point[]): number {
  const [first, last] = [points[0], points[points.length - 1]];
  return first === undefined || last === undefined ? 0 : last.atHours - first.atHours;
}

/** Splits a list into parts of about equal length, in order. */
export function parts<T>(list: readonly T[], count: number): T[][] {
  const edge = (part: number) => Math.floor((part * list.length) / count);
  return Array.from({ length: count }, (_, part) => list.slice(edge(part), edge(part + 1)));
}

/** At most `MAX_POINTS` points: means of neighbours. */
export function thinned(points: readonly Point[]): Point[] {
  if (points.length <= MAX_POINTS) return [...points];
  return parts(points, MAX_POINTS).map((neighbours) => ({
    atHours: mean(neighbours.map(({ atHours }) => atHours)),
    value: mean(neighbours.map(({ value }) => value)),
  }));
}
