import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { type Attribute, type Metric, prometheusLabel } from '@oversoak/contracts';
import { matches, series, VARIABLE_OF, type VariableName } from './promql.ts';
import { PROMETHEUS } from './sources.ts';

interface VariableText {
  label: string;
  description: string;
  /** Newest first if names begin with their time; otherwise alphabetical. */
  sort: dashboard.VariableSort;
}

const ASCENDING = dashboard.VariableSort.AlphabeticalAsc;

const TEXTS: Record<VariableName, VariableText> = {
  soak: {
    label: 'Soak',
    description: 'The id that `oversoak submit` prints; newest first.',
    sort: dashboard.VariableSort.AlphabeticalDesc,
  },
  notifier: {
    label: 'Notification model',
    description: 'How the server learns that it can continue with a socket.',
    sort: ASCENDING,
  },
  layout: { label: 'Thread layout', description: 'Which thread does what.', sort: ASCENDING },
  platform: {
    label: 'Platform',
    description: 'wine: correctness and relative cost, never Windows performance.',
    sort: ASCENDING,
  },
  cell: { label: 'Cell', description: 'One point of the matrix.', sort: ASCENDING },
  schedule: {
    label: 'Schedule',
    description: 'The schedule that submits the soaks.',
    sort: ASCENDING,
  },
  name: { label: 'Soak name', description: 'The name in its spec.', sort: ASCENDING },
};

/** A variable that lists an attribute's values in a metric. */
export function variable(
  metric: Metric,
  name: VariableName,
  {
    within = {},
    one = false,
  }: { within?: Partial<Record<VariableName, string>>; one?: boolean } = {},
): dashboard.QueryVariableBuilder {
  const { label, description, sort } = TEXTS[name];
  const attribute = attributeOf(name);
  const matchers = Object.entries(within).map(([other, pattern]) => [
    attributeOf(other as VariableName),
    matches(pattern),
  ]);
  const query = `label_values(${series(metric, Object.fromEntries(matchers))}, ${prometheusLabel(attribute)})`;
  const made = new dashboard.QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(PROMETHEUS)
    .query({ qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(sort);
  if (one) return made.multi(false).includeAll(false);
  return made
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

function attributeOf(name: VariableName): Attribute {
  const entry = Object.entries(VARIABLE_OF).find(([, variable]) => variable === name);
  if (entry === undefined) throw new Error(`no attribute has the variable ${name}`);
  return entry[0] as Attribute;
}

const ECHOED: Metric = 'oversoak.messages.echoed';

/** One soak (cells of two would be drawn as one), and notifier, layout and platform of it. */
export function runVariables(): dashboard.QueryVariableBuilder[] {
  const within = { soak: '$soak' };
  return [
    variable(ECHOED, 'name'),
    variable(ECHOED, 'soak', { one: true, within: { name: '$name' } }),
    variable(ECHOED, 'notifier', { within }),
    variable(ECHOED, 'layout', { within }),
    variable(ECHOED, 'platform', { within }),
  ];
}

/** schedule, soak name, cell, notifier, layout and platform of finished runs. */
export function nightVariables(): dashboard.QueryVariableBuilder[] {
  const metric: Metric = 'oversoak.run.p99';
  const within = { schedule: '$schedule' };
  return [
    variable(metric, 'schedule'),
    variable(metric, 'name', { within }),
    variable(metric, 'cell', { within }),
    variable(metric, 'notifier', { within }),
    variable(metric, 'layout', { within }),
    variable(metric, 'platform', { within }),
  ];
}

/** platform of the live agents. */
export function agentVariables(): dashboard.QueryVariableBuilder[] {
  return [variable('oversoak.agents', 'platform')];
}
