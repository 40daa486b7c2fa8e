import { parser as traceql } from '@grafana/lezer-traceql';
import type { Tree } from '@lezer/common';
import {
  ATTRIBUTES,
  type Attribute,
  METRICS,
  type Metric,
  metricAttributes,
  prometheusLabel,
  prometheusName,
  SPANS,
  type SpanName,
} from '@oversoak/contracts';
import { parser as promql } from '@prometheus-io/lezer-promql';

/** What Prometheus itself makes of the resource of a program. */
const PROCESS_LABELS = ['job', 'instance'];
const METRIC_BY_NAME = new Map(
  (Object.keys(METRICS) as Metric[]).map((metric) => [prometheusName(metric), metric]),
);

interface Node {
  name: string;
  text: string;
  from: number;
  to: number;
}

function nodes(tree: Tree, text: string): { faults: string[]; all: Node[] } {
  const all: Node[] = [];
  const faults: string[] = [];
  tree.iterate({
    enter: ({ type, name, from, to }) => {
      all.push({ name, text: text.slice(from, to), from, to });
      if (type.isError) faults.push(`syntax at "${text.slice(from, from + 20)}"`);
    },
  });
  return { faults, all };
}

const within = (node: Node, outer: Node) => node.from >= outer.from && node.to <= outer.to;

/** What is wrong with a PromQL query: its syntax, or a name that contracts does not declare. */
export function promqlFaults(text: string): string[] {
  const { faults, all } = nodes(promql.parse(text), text);
  const named = (name: string) => all.filter((node) => node.name === name);
  const known = new Set(PROCESS_LABELS);
  for (const selector of named('VectorSelector')) {
    const name = named('Identifier').find((node) => within(node, selector))?.text ?? '';
    const metric = METRIC_BY_NAME.get(name);
    if (metric === undefined) {
      faults.push(`metric ${name}`);
      continue;
    }
    const labels = metricAttributes(metric).map(prometheusLabel);
    for (const label of labels) known.add(label);
    for (const matcher of named('UnquotedLabelMatcher').filter((node) => within(node, selector))) {
      const label = named('LabelName').find((node) => within(node, matcher))?.text ?? '';
      if (![...labels, ...PROCESS_LABELS].includes(label)) faults.push(`label ${label} of ${name}`);
    }
  }
  for (const grouping of named('GroupingLabels')) {
    for (const { text: label } of named('LabelName').filter((node) => within(node, grouping))) {
      if (!known.has(label)) faults.push(`label ${label}`);
    }
  }
  return [...faults, ...valueFaults(text)];
}

/** What is wrong with a TraceQL query: its syntax, or a name that contracts does not declare. */
export function traceqlFaults(text: string): string[] {
  const { faults, all } = nodes(traceql.parse(text), text);
  const names = [...text.matchAll(/\bname = "([^"]*)"/g)].map(([, name]) => name as string);
  if (names.length === 0) faults.push('names no span');
  const borne = new Set<string>();
  for (const name of names) {
    const span = Object.hasOwn(SPANS, name) ? SPANS[name as SpanName] : undefined;
    if (span === undefined) faults.push(`span ${name}`);
    for (const attribute of span?.attributes ?? []) borne.add(attribute);
  }
  for (const { text: field } of all.filter(({ name }) => name === 'AttributeField')) {
    const attribute = field.replace(/^span\./, '');
    if (field === attribute) faults.push(`scope of ${field}`);
    else if (!borne.has(attribute)) faults.push(`attribute ${attribute}`);
  }
  return [...faults, ...valueFaults(text)];
}

/** `name =~ "a|b"` in either language, where the pattern does nothing but name values. */
const CONDITION = /([\w.]+) ?!?=~? ?"([A-Za-z|-]+)"/g;
const ATTRIBUTE_OF = new Map(
  (Object.keys(ATTRIBUTES) as Attribute[]).flatMap((attribute): [string, Attribute][] => [
    [`span.${attribute}`, attribute],
    [prometheusLabel(attribute), attribute],
  ]),
);

/** Values that an attribute cannot have. */
function valueFaults(text: string): string[] {
  return [...text.matchAll(CONDITION)].flatMap(([, name = '', value = '']) => {
    const attribute = ATTRIBUTE_OF.get(name);
    const spec: object = attribute === undefined ? {} : ATTRIBUTES[attribute];
    const { values } = spec as { values?: readonly string[] };
    if (values === undefined) return [];
    return value
      .split('|')
      .filter((one) => !values.includes(one))
      .map((one) => `value ${one} of ${attribute}`);
  });
}
