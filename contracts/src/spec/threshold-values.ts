import { ERRORS_TOTAL, type JudgedFigure, rangeOf } from '../figures/figure.ts';
import type { Threshold } from './threshold.ts';

/** The values that satisfy a threshold: from `low` to `high`, an end with `open` not included. */
interface Values {
  low: number;
  lowOpen: boolean;
  high: number;
  highOpen: boolean;
}

type Judged = Pick<Threshold, 'metric' | 'operator' | 'limit'>;

function valuesOf({ metric, operator, limit }: Judged): Values {
  const { least, most, whole } = rangeOf(metric);
  const above = operator === '>' || operator === '>=' || operator === '==';
  const below = operator === '<' || operator === '<=' || operator === '==';
  const low = above ? Math.max(least, limit) : least;
  const high = below ? Math.min(most, limit) : most;
  const values = {
    low,
    lowOpen: operator === '>' && low === limit,
    high,
    highOpen: operator === '<' && high === limit,
  };
  return whole ? wholeNumbers(values) : values;
}

/** The whole numbers among them: between two of these is nothing. */
function wholeNumbers({ low, lowOpen, high, highOpen }: Values): Values {
  return {
    low: lowOpen ? Math.floor(low) + 1 : Math.ceil(low),
    lowOpen: false,
    high: highOpen ? Math.ceil(high) - 1 : Math.floor(high),
    highOpen: false,
  };
}

/** Whether nothing is both above the low end of the first and below the high end of the second. */
function apart({ low, lowOpen }: Values, { high, highOpen }: Values): boolean {
  return low > high || (low === high && (lowOpen || highOpen));
}

/** Why no value of its metric can satisfy a threshold; null: some can. */
export function whyNever(threshold: Threshold): string | null {
  const values = valuesOf(threshold);
  if (!apart(values, values)) return null;
  const { text } = rangeOf(threshold.metric);
  return `"${threshold.metric}" is ${text}: "${threshold.text}" can never hold`;
}

/** In each list, each is at most as large as the next. */
const ASCENDING: readonly (readonly JudgedFigure[])[] = [
  [
    'echo.latency.p50',
    'echo.latency.p90',
    'echo.latency.p99',
    'echo.latency.p999',
    'echo.latency.max',
  ],
  ['delivery.latency.p50', 'delivery.latency.p99', 'delivery.latency.max'],
  ['tick.latency.p50', 'tick.latency.p99', 'tick.latency.max'],
];

/** Whether the first metric is never larger than the second. */
function isAtMost(a: JudgedFigure, b: JudgedFigure): boolean {
  if (a === b) return true;
  if (b === ERRORS_TOTAL) return a.startsWith('errors.');
  return ASCENDING.some((list) => list.includes(a) && list.indexOf(a) < list.indexOf(b));
}

/** Why two thresholds, of the whole measurement or of windows of one length, exclude each other. */
export function whyContrary(one: Threshold, other: Threshold): string | null {
  if (one.everySeconds !== other.everySeconds) return null;
  const excluded = (low: Threshold, high: Threshold) =>
    isAtMost(low.metric, high.metric) && apart(valuesOf(low), valuesOf(high));
  if (!excluded(one, other) && !excluded(other, one)) return null;
  const never =
    one.metric === other.metric ? `no value of "${one.metric}" satisfies` : 'no run satisfies';
  return `contradicts "${other.text}": ${never} both`;
}
