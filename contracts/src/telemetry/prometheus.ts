// What Prometheus' OTLP receiver makes of our names (translation UnderscoreEscapingWithSuffixes).
import type { Attribute } from './attributes.ts';
import { METRICS, type Metric } from './metrics.ts';

const UNITS: Record<string, string> = { s: 'seconds', By: 'bytes', '1': 'ratio' };
const PER: Record<string, string> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };

/** Annotations, e.g. {message}, are no part of the name; only a gauge can be a ratio. */
function unitWords(unit: string, gauge: boolean): string[] {
  const [what = '', per] = unit.replaceAll(/\{[^}]*\}/g, '').split('/');
  const words = what === '1' && !gauge ? [] : [UNITS[what] ?? what];
  if (per !== undefined) words.push('per', PER[per] ?? per);
  return words.filter((word) => word !== '');
}

/**
 * Name of a metric in Prometheus: dots to underscores, the words of its unit behind, then `_total`
 * for what only rises. A histogram is a native one, with no `_bucket`, `_sum` or `_count`.
 */
export function prometheusName(metric: Metric): string {
  const { kind, unit } = METRICS[metric];
  const words = [metric.replaceAll('.', '_'), ...unitWords(unit, kind === 'gauge')];
  return (kind === 'sum' ? [...words, 'total'] : words).join('_');
}

/** Label that an attribute becomes. */
export function prometheusLabel(attribute: Attribute): string {
  return attribute.replaceAll('.', '_');
}
