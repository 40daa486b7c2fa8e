import type { DifferenceMetric, MetricDifference, NoiseFloor } from './difference.ts';

/** How differences are written for people, in a terminal and in Markdown alike. */

const NONE = '–';

interface Written {
  title: string;
  /** From the API's unit to the one that is shown. */
  scale: number;
  unit: string;
}

const WRITTEN: Record<DifferenceMetric, Written> = {
  'echo.latency.p50': { title: 'p50', scale: 1e-3, unit: 'ms' },
  'echo.latency.p99': { title: 'p99', scale: 1e-3, unit: 'ms' },
  'achieved.rate': { title: 'rate', scale: 1, unit: '/s' },
  serverCpuSecondsPer1000Echoes: { title: 'CPU per 1k echoes', scale: 1e3, unit: 'ms' },
  serverWorkingSet: { title: 'working set', scale: 1e-6, unit: 'MB' },
};

export function metricTitle(metric: DifferenceMetric): string {
  return WRITTEN[metric].title;
}

const places = (value: number, digits: number) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Three places: 0.25, 1.23, 12.3, 1,234; with the unit. */
export function metricText(metric: DifferenceMetric, value: number | null): string {
  if (value === null) return NONE;
  const { scale, unit } = WRITTEN[metric];
  const shown = value * scale;
  return `${places(shown, shown < 10 ? 2 : shown < 1000 ? 1 : 0)} ${unit}`;
}

/** `1.12 [1.05, 1.20]`; the interval only where there is one. */
export function ratioText({ ratio, low, high }: MetricDifference): string {
  if (ratio === null) return NONE;
  const interval = low === null || high === null ? '' : ` [${places(low, 2)}, ${places(high, 2)}]`;
  return places(ratio, 2) + interval;
}

/** A share as percent: one place below 10 %, else none. */
function percent(share: number): string {
  return `${places(share * 100, share < 0.1 ? 1 : 0)} %`;
}

/** The range is symmetric in the logarithm: its upper end says all. */
export function noiseFloorText(floor: NoiseFloor | null): string {
  return floor === null ? NONE : `±${percent(floor.high - 1)}`;
}

/** `no difference seen`, `12 % lower`, `34 % higher`, `unknown`. */
export function differenceText({ difference, ratio }: MetricDifference): string {
  if (difference === 'none') return 'no difference seen';
  if (difference === 'unknown' || ratio === null) return 'unknown';
  return `${percent(Math.abs(ratio - 1))} ${difference}`;
}

/** One key where both sides have the same. */
export function cellsText({ left, right }: { left: string; right: string }): string {
  return left === right ? left : `${left} → ${right}`;
}
