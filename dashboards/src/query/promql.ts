// PromQL built from the names that contracts declares; no name is typed by hand.
import {
  type Attribute,
  type HistogramMetric,
  type METRICS,
  type Metric,
  metricAttributes,
  prometheusLabel,
  prometheusName,
  type Role,
} from '@oversoak/contracts';

type AttributeOf<M extends Metric> =
  | (typeof METRICS)[M]['attributes'][number]
  | ((typeof METRICS)[M] extends { perRun: true } ? 'oversoak.run.id' : never);
/** A quoted value with its operator, created by the functions below. */
type Matcher = `${'=' | '!=' | '=~' | '!~'}"${string}"`;
type Matchers<M extends Metric> = { [A in AttributeOf<M>]?: Matcher };

export const is = (value: string): Matcher => `="${value}"`;
export const isNot = (value: string): Matcher => `!="${value}"`;
export const matches = (pattern: string): Matcher => `=~"${pattern}"`;
export const matchesNot = (pattern: string): Matcher => `!~"${pattern}"`;

/** The dashboard variable that selects values of an attribute. */
export const VARIABLE_OF = {
  'oversoak.soak.id': 'soak',
  'oversoak.notifier': 'notifier',
  'oversoak.layout': 'layout',
  'oversoak.platform': 'platform',
  'oversoak.cell': 'cell',
  'oversoak.schedule': 'schedule',
  'oversoak.soak.name': 'name',
} as const satisfies Partial<Record<Attribute, string>>;
export type VariableName = (typeof VARIABLE_OF)[keyof typeof VARIABLE_OF];

/** Not the run: agents put its id on some metrics only. The time range selects a run. */
export const RUN_VARIABLES = ['soak', 'notifier', 'layout', 'platform'] as const;
export const NIGHT_VARIABLES = [
  'schedule',
  'name',
  'cell',
  'notifier',
  'layout',
  'platform',
] as const;

/** All series of a metric, or those that match. */
export function series<M extends Metric>(metric: M, matchers: Matchers<M> = {}): string {
  const inside = Object.entries(matchers).map(
    ([attribute, matcher]) => `${prometheusLabel(attribute as Attribute)}${matcher}`,
  );
  const name = prometheusName(metric);
  return inside.length === 0 ? name : `${name}{${inside.join(', ')}}`;
}

function chosen<M extends Metric>(
  variables: readonly VariableName[],
  metric: M,
  matchers: Matchers<M>,
): string {
  const borne = metricAttributes(metric);
  const filters = Object.entries(VARIABLE_OF)
    .filter(
      ([attribute, name]) => variables.includes(name) && borne.includes(attribute as Attribute),
    )
    .map(([attribute, name]) => [attribute, matches(`$${name}`)]);
  return series(metric, { ...Object.fromEntries(filters), ...matchers });
}

/**
 * The series of the runs that the dashboard's variables select, by the run attributes that the
 * metric has.
 */
export function ofRuns<M extends Metric>(metric: M, matchers: Matchers<M> = {}): string {
  return chosen(RUN_VARIABLES, metric, matchers);
}

/** The series of the nights that the dashboard's variables select. */
export function ofNights<M extends Metric>(metric: M, matchers: Matchers<M> = {}): string {
  return chosen(NIGHT_VARIABLES, metric, matchers);
}

export const by = (...attributes: Attribute[]): string =>
  `by (${attributes.map(prometheusLabel).join(', ')})`;
export const on = (...attributes: Attribute[]): string =>
  `on (${attributes.map(prometheusLabel).join(', ')})`;

/** Legend of a series: its label values. */
export const legend = (...attributes: Attribute[]): string =>
  attributes.map((attribute) => `{{${prometheusLabel(attribute)}}}`).join(' · ');

/**
 * The attributes of a run's line or bar. They include the platform, so that Wine is always named.
 */
export const CELL = [
  'oversoak.notifier',
  'oversoak.layout',
  'oversoak.cell',
  'oversoak.platform',
] as const satisfies readonly Attribute[];
export const CELL_LEGEND = legend('oversoak.cell', 'oversoak.platform');

/** Rate over the latest exports; handles counters that restart with a run. */
export const rate = (selector: string): string => `rate(${selector}[$__rate_interval])`;
/** Increase over the dashboard's whole time range. */
export const increase = (selector: string): string => `increase(${selector}[$__range])`;

/**
 * What a run counts per second. The divisor is the time that the run itself counted beside it: that
 * of the window would make a run look slow that is shorter than the window, or has repeats in it.
 * `each`: attributes of the count beyond those of the run; `of`: the role that counts it, if it is
 * not among `runs`.
 */
export function perSecond(
  counts: string,
  {
    of,
    runs = [],
    each = [],
    window = '$__rate_interval',
    time = 'oversoak.run.measured_time',
  }: {
    of?: Role;
    runs?: readonly Attribute[];
    each?: readonly Attribute[];
    window?: '$__rate_interval' | '$__range';
    time?: 'oversoak.run.measured_time' | 'oversoak.run.time';
  },
): string {
  const summed = (selector: string, groups: readonly Attribute[]) =>
    `sum ${by(...groups)} (rate(${selector}[${window}]))`;
  const seconds = ofRuns(time, of === undefined ? {} : { 'oversoak.role': is(of) });
  const many = each.length === 0 ? '' : ' group_left ()';
  return `${summed(counts, [...runs, ...each])} / ${on(...runs)}${many} ${summed(seconds, runs)}`;
}

/**
 * The distribution of a histogram, as shares of its count. Prometheus extrapolates the counts of a
 * native histogram to before the run, so rates of a short run would read high.
 */
export const shares = (histogram: string): string =>
  `sum (${rate(histogram)}) / on () histogram_count(sum (${rate(histogram)}))`;

/**
 * Percentile of summed counts, because percentiles are never averaged. `histogram`: native
 * histograms.
 */
export const quantile = (q: number, histogram: string): string =>
  `histogram_quantile(${q}, ${histogram})`;

/** A histogram's percentile at each moment. */
export function quantileNow(
  q: number,
  metric: HistogramMetric,
  attributes: readonly Attribute[],
  matchers: Matchers<HistogramMetric> = {},
): string {
  return quantile(q, `sum ${by(...attributes)} (${rate(ofRuns(metric, matchers))})`);
}

/** All control planes export the same cluster figures; count them once. */
export const ofAnyPlane = (selector: string): string => `max without (instance, job) (${selector})`;
