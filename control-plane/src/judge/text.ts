import type { Drift, ErrorBound } from '@oversoak/contracts';

const short = (value: number) => String(Number(value.toPrecision(4)));

/** A duration in the unit that keeps it short. */
export function durationText(us: number): string {
  if (us < 1000) return `${short(us)} µs`;
  if (us < 1_000_000) return `${short(us / 1000)} ms`;
  return `${short(us / 1_000_000)} s`;
}

/** With thousands separators: 63,555. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** Truncated, not rounded: 98.996 % does not look like 99 %. */
export function percentText(percent: number): string {
  return `${Math.floor(percent * 100) / 100} %`;
}

/** "in 60 to 120 s of the measurement" */
export function spanText({
  startSeconds,
  endSeconds,
}: {
  startSeconds: number;
  endSeconds: number;
}) {
  return `in ${short(startSeconds)} to ${short(endSeconds)} s of the measurement`;
}

/** "0 errors in 63,555 echoes: fewer than 1 in 21,185 at 95 %" */
export function boundText({ errors, echoes, upperRate }: ErrorBound, remark = ''): string {
  const within = Math.floor(1 / upperRate);
  const bound = within < 2 ? '' : `: fewer than 1 in ${countText(within)} at 95 %`;
  return `${countText(errors)} errors in ${countText(echoes)} echoes${remark}${bound}`;
}

const BYTES = ['B', 'KiB', 'MiB', 'GiB'];

/** A rate of a drift: "1.2 MiB/h", "-3 handles/h", "40 µs/h". */
function rateText(perHour: number, unit: Drift['unit']): string {
  if (unit === 'us/h') {
    return `${perHour < 0 ? '-' : ''}${durationText(Math.abs(perHour))}/h`;
  }
  if (unit !== 'bytes/h') return `${short(perHour)} ${unit}`;
  const size = Math.abs(perHour);
  const power = size < 1 ? 0 : Math.min(BYTES.length - 1, Math.floor(Math.log2(size) / 10));
  return `${short(perHour / 1024 ** power)} ${BYTES[power]}/h`;
}

/** "no cycle", "1 cycle", "48 cycles" */
export function cyclesText(cycles: number): string {
  if (cycles === 0) return 'no cycle';
  return cycles === 1 ? '1 cycle' : `${countText(cycles)} cycles`;
}

/** "1.2 MiB/h (0.9 MiB/h to 1.5 MiB/h at 95 %, 480 windows, 48 cycles)" */
export function driftText({ slope, low, high, unit, windows, cycles }: Drift): string {
  if (slope === null) return `not known (${windows} windows)`;
  const interval =
    low === null || high === null
      ? 'as wide as the figures scatter'
      : `${rateText(low, unit)} to ${rateText(high, unit)}`;
  const restsOn = `${windows} windows, ${cyclesText(cycles)}`;
  return `${rateText(slope, unit)} (${interval} at 95 %, ${restsOn})`;
}
