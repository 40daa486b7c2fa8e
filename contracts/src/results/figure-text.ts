import { KIB, MIB } from '../figures/figure.ts';

/** Placeholder for a missing figure. */
export const NONE = '–';

/** Beside counts that are not of the measurement alone. */
export const WHOLE_RUNS = 'whole runs, with ramp-up and drain';

/** 1234567 → `1,234,567`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A whole number, or `–` if it is missing. */
export function wholeNumber(value: number | null): string {
  return value === null ? NONE : count(value);
}

/** Three or four significant digits: 0.25, 1.23, 12.3, 123, 1,234. */
export function decimal(value: number | null): string {
  if (value === null) return NONE;
  const size = Math.abs(value);
  // Avoid `-0.00`.
  if (size < 0.005) return '0.00';
  if (size < 10) return value.toFixed(2);
  if (size < 100) return value.toFixed(1);
  return count(value);
}

/** `slowest 19 echoes`: of which the stages are known. */
export function slowestTitle(echoes: number): string {
  return echoes === 1 ? 'slowest echo' : `slowest ${count(echoes)} echoes`;
}

/** Microseconds as milliseconds, without the unit. */
export function milliseconds(valueUs: number | null): string {
  return decimal(valueUs === null ? null : valueUs / 1_000);
}

/** Messages per second. Small rates have a decimal, because 799.9 is not 800. */
export function rate(value: number | null): string {
  if (value === null) return NONE;
  return value < 10_000
    ? value.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
    : count(value);
}

/** Bytes as KiB, without the unit. */
export function kibibytes(valueBytes: number | null): string {
  return decimal(valueBytes === null ? null : valueBytes / KIB);
}

/** Bytes as MiB, without the unit. */
export function mebibytes(valueBytes: number | null): string {
  return decimal(valueBytes === null ? null : valueBytes / MIB);
}

/** `achieved` as a share of `offered`, rounded down so that 99.99 % never shows as 100 %. */
export function share(achieved: number | null, offered: number | null): string {
  if (achieved === null || offered === null || offered === 0) return NONE;
  return `${(Math.floor((achieved / offered) * 10_000) / 100).toFixed(2)} %`;
}

/** 0.714 → `71 %`. */
export function percent(value: number | null): string {
  return value === null ? NONE : `${count(value * 100)} %`;
}

/** `1.23` with its unit, or `–` without one. */
export function withUnit(text: string, unit: string): string {
  return text === NONE ? NONE : `${text} ${unit}`;
}

/** `2026-11-24 13:22:41`, without the time zone. */
export function utcTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** `0.5 s`, `600 s`: at most two decimals, without trailing zeros. */
export function seconds(value: number): string {
  return `${value.toLocaleString('en-US', { maximumFractionDigits: 2 })} s`;
}
