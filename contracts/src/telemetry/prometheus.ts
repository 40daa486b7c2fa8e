// The names that Prometheus' OTLP receiver derives from ours (translation
// UnderscoreEscapingWithSuffixes).
import type { Attribute } from './attributes.ts';
import { METRICS, type Metric } from './metrics.ts';

const UNITS: Record<string, string> = { s: 'seconds', By: 'bytes', '1': 'ratio' };
const PER: Record<string, string> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };

/** Annotations such as {message} are not part of the name; only a gauge can be a ratio. */
function unitWords(unit: string, gauge: boolean): string[] {
  const [what = '', per] = unit.replaceAll(/\{[^}]*\}/g, '').split('/');
  const words = what === '1' && !gauge ? [] : [UNITS[what] ?? what];
  if (per !== undefined) words.push('per', PER[per] ?? per);
  return words.filter((word) => word !== '');
}

/**
 * A metric's name in Prometheus: dots become underscores, followed by the words of its unit and,
 * for monotonic sums, `_total`. Histograms are native ones, without `_bucket`, `_sum` and `_count`.
 */
export function prometheusName(metric: Metric): string {
  const { kind, unit } = METRICS[metric];
  const words = [metric.replaceAll('.', '_'), ...unitWords(unit, kind === 'gauge')];
  return (kind === 'sum' ? [...words, 'total'] : words).join('_');
}

/** The label of an attribute in Prometheus. */
export function prometheusLabel(attribute: Attribute): string {
  return attribute.replaceAll('.', '_');
}
