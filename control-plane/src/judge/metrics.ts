import type { ErrorClass } from '@oversoak/contracts';
import type { Histogram, Measured } from './figures.ts';

const NS_PER_US = 1000;

const PERCENTILES: Record<string, number> = {
  'echo.latency.p50': 50,
  'echo.latency.p90': 90,
  'echo.latency.p99': 99,
  'echo.latency.p999': 99.9,
};

/** The actual value that a threshold is held against. */
export interface Metric {
  /** In the threshold's own unit: microseconds, percent or a count. */
  value: number;
  /** For a person. */
  text: string;
}

/** In the unit that keeps it short. */
export function durationText(us: number): string {
  const short = (value: number) => String(Number(value.toPrecision(4)));
  if (us < 1000) return `${short(us)} us`;
  if (us < 1_000_000) return `${short(us / 1000)} ms`;
  return `${short(us / 1_000_000)} s`;
}

export function achievedPercent({ sent, offered }: Measured): number {
  return offered === 0 ? 0 : (sent / offered) * 100;
}

/** Cut and not rounded: 98.996 % does not look like 99 %. */
export function percentText(percent: number): string {
  return `${Math.floor(percent * 100) / 100} %`;
}

/** Reads a threshold's metric; the names are those of contracts' `THRESHOLD_METRICS`. */
export function metric(
  name: string,
  measured: Measured,
  intended: Histogram,
  errors: Record<ErrorClass, number>,
): Metric {
  const percentile = PERCENTILES[name];
  if (percentile !== undefined) {
    const value = intended.getValueAtPercentile(percentile) / NS_PER_US;
    return { value, text: durationText(value) };
  }
  if (name === 'echo.latency.max') {
    const value = intended.maxValue / NS_PER_US;
    return { value, text: durationText(value) };
  }
  if (name === 'achieved.rate') {
    const value = achievedPercent(measured);
    return { value, text: percentText(value) };
  }
  const count = name.startsWith('errors.') ? errors[name.slice(7) as ErrorClass] : undefined;
  if (count === undefined) throw new Error(`no figure for the metric "${name}"`);
  return { value: count, text: String(count) };
}
