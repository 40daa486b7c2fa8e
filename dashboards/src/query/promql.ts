// PromQL built from the names that contracts declares; no name is typed by hand.
import {
  type Attribute,
  type HistogramMetric,
  type METRICS,
  type Metric,
  metricAttributes,
  prometheusLabel,
  prometheusName,
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
  'oversoak.run.id': 'run',
  'oversoak.notifier': 'notifier',
  'oversoak.layout': 'layout',
  'oversoak.platform': 'platform',
  'oversoak.cell': 'cell',
  'oversoak.schedule': 'schedule',
  'oversoak.soak.name': 'name',
} as const satisfies Partial<Record<Attribute, string>>;
export type VariableName = (typeof VARIABLE_OF)[keyof typeof VARIABLE_OF];

export const RUN_VARIABLES = ['soak', 'run', 'notifier', 'layout', 'platform'] as const;
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

/**
 * As `ofRuns`, over all runs that the other variables select: for a quotient with a metric that has
 * no run, so that both count the same runs.
 */
export function ofAllRuns<M extends Metric>(metric: M, matchers: Matchers<M> = {}): string {
  const others = RUN_VARIABLES.filter((name) => name !== 'run');
  return chosen(others, metric, matchers);
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
