import { MIB } from '../figures/figure.ts';
import type { DifferenceMetric, MetricDifference } from './difference.ts';

/** Text of differences, used in a terminal and in Markdown. */

const NONE = '–';

interface Written {
  title: string;
  /** Factor from the API's unit to the displayed unit. */
  scale: number;
  unit: string;
}

const WRITTEN: Record<DifferenceMetric, Written> = {
  'echo.latency.p50': { title: 'p50', scale: 1e-3, unit: 'ms' },
  'echo.latency.p99': { title: 'p99', scale: 1e-3, unit: 'ms' },
  'echo.latency.slowest': { title: 'slowest 1 %', scale: 1e-3, unit: 'ms' },
  'delivery.latency.p99': { title: 'delivery p99', scale: 1e-3, unit: 'ms' },
  'sent.rate': { title: 'rate', scale: 1, unit: '/s' },
  'server.cpuPerEcho': { title: 'CPU per echo', scale: 1, unit: 'µs' },
  'server.cpuPerDelivery': { title: 'CPU per delivery', scale: 1, unit: 'µs' },
  'server.workingSet': { title: 'working set', scale: 1 / MIB, unit: 'MiB' },
};

export function metricTitle(metric: DifferenceMetric): string {
  return WRITTEN[metric].title;
}

/** What `left` and `right` are, for whoever has the figures of a soak beside them. */
export const VALUES_NOTE =
  'Left and right: geometric means over the repeats. The figures of a soak pool its repeats.';

const places = (value: number, digits: number) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

function numberText(metric: DifferenceMetric, value: number): string {
  const shown = value * WRITTEN[metric].scale;
  return places(shown, shown < 10 ? 2 : shown < 1000 ? 1 : 0);
}

/** Three significant digits with the unit: 0.25, 1.23, 12.3, 1,234. */
export function metricText(metric: DifferenceMetric, value: number | null): string {
  return value === null ? NONE : `${numberText(metric, value)} ${WRITTEN[metric].unit}`;
}

/** `7.60 to 8.70`, in the unit of `metricText`. */
export function metricRangeText(metric: DifferenceMetric, low: number, high: number): string {
  return `${numberText(metric, low)} to ${numberText(metric, high)}`;
}

/** `1.12 [1.05, 1.20]`; without the interval if there is none. */
export function ratioText({ ratio, low, high }: MetricDifference): string {
  if (ratio === null) return NONE;
  const interval = low === null || high === null ? '' : ` [${places(low, 2)}, ${places(high, 2)}]`;
  return places(ratio, 2) + interval;
}

/** A share as a percentage: one decimal below 10 %, otherwise none. */
function percent(share: number): string {
  return `${places(share * 100, share < 0.1 ? 1 : 0)} %`;
}

/** Above this ratio a factor is easier to read than a percentage. */
const MAX_AS_PERCENT = 3;

/** `12 %`, `a factor of 8.2`; for a ratio above 1. */
function changeText(ratio: number): string {
  if (ratio < MAX_AS_PERCENT) return percent(ratio - 1);
  return `a factor of ${places(ratio, ratio < 10 ? 1 : 0)}`;
}

/**
 * `no difference seen`, `12 % lower`, `34 % higher`, `unknown: …`, with the detectable difference.
 */
export function differenceText(of: MetricDifference): string {
  const { difference, ratio, smallestSeen, why } = of;
  if (difference === 'unknown' || ratio === null || smallestSeen === null) {
    return why === null ? 'unknown' : `unknown: ${why}`;
  }
  const least = changeText(smallestSeen);
  if (difference === 'none') return `no difference seen (a change under ${least} would go unseen)`;
  return `${percent(Math.abs(ratio - 1))} ${difference} (seen from ${least} on)`;
}

/** A single key if both sides have the same. */
export function cellsText({ left, right }: { left: string; right: string }): string {
  return left === right ? left : `${left} → ${right}`;
}
