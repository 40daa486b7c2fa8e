import { decimal } from '@oversoak/contracts/results/figure-text';
import { linearRegression } from 'simple-statistics';

const SECONDS_PER_HOUR = 3600;
const BYTES_OF_MIB = 1024 ** 2;
/** Of fewer, a slope per hour is noise. */
const MIN_POINTS = 10;

/** Pure: bytes per hour of a straight line through the points; null: there are too few. */
export function growthPerHour(
  seconds: readonly number[],
  bytes: readonly (number | null)[],
): number | null {
  const points = bytes.flatMap((value, index) =>
    value === null ? [] : [[seconds[index] ?? 0, value]],
  );
  return points.length < MIN_POINTS ? null : linearRegression(points).m * SECONDS_PER_HOUR;
}

/** Pure: `slope: +1.20 MiB/h`; empty without one. */
export function growthText(perHour: number | null): string {
  if (perHour === null) return '';
  const mib = perHour / BYTES_OF_MIB;
  return `slope: ${mib < 0 ? '−' : '+'}${decimal(Math.abs(mib))} MiB/h`;
}
