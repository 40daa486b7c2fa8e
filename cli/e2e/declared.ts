// What was received, held against what contracts/ declares.
import {
  ATTRIBUTES,
  type Attribute,
  METRICS,
  type Metric,
  metricAttributes,
  SPANS,
  type SpanName,
} from '@oversoak/contracts';
import type { Received, ReceivedPoint, ReceivedSpan } from '@oversoak/telemetry/receiver';

const isAttribute = (name: string): name is Attribute => name in ATTRIBUTES;
const isMetric = (name: string): name is Metric => name in METRICS;
const isSpan = (name: string): name is SpanName => name in SPANS;

const BY = { 'oversoak-agent': 'agent', 'oversoak-control-plane': 'control-plane' } as const;

/** Which declared span it is: some are shown under another name. */
export function spanName({ name, kind }: Pick<ReceivedSpan, 'name' | 'kind'>): string {
  if (name.startsWith('echo.stage ')) return 'echo.stage';
  return kind === 'server' ? 'http.request' : name;
}

function typeFault(name: Attribute, value: Received): string[] {
  const { type, values }: { type: string; values?: readonly string[] } = ATTRIBUTES[name];
  // The wire has no double without a fraction.
  const sent = { string: ['string'], int: ['bigint'], double: ['number', 'bigint'] }[type] ?? [];
  if (!sent.includes(typeof value))
    return [`${name} is a ${type}, not a ${typeof value}: ${value}`];
  const unknown = values !== undefined && !values.includes(String(value));
  return unknown ? [`${name} has no value "${value}"`] : [];
}

function attributeFaults(
  attributes: Readonly<Record<string, Received>>,
  declared: readonly Attribute[],
): string[] {
  return Object.entries(attributes).flatMap(([name, value]) =>
    isAttribute(name) && declared.includes(name)
      ? typeFault(name, value)
      : [`the attribute ${name} is not declared for it`],
  );
}

function senderFault(by: string, service: Received | undefined): string[] {
  const sender = BY[service as keyof typeof BY];
  return by === 'both' || by === sender ? [] : [`it is of "${by}" and came from ${service}`];
}

/** Empty: it is as declared. */
export function spanFaults(span: ReceivedSpan): string[] {
  const name = spanName(span);
  if (!isSpan(name)) return [`the span ${span.name} is not declared`];
  const { by, kind, attributes } = SPANS[name];
  const faults = [
    ...senderFault(by, span.resource['service.name']),
    ...(span.kind === kind ? [] : [`its kind is ${span.kind}, not ${kind}`]),
    ...(span.endNs < span.startNs ? ['it ends before it starts'] : []),
    ...attributeFaults(span.attributes, attributes),
  ];
  return faults.map((fault) => `${name}: ${fault}`);
}

/** Empty: it is as declared. */
export function pointFaults(point: ReceivedPoint): string[] {
  const { metric } = point;
  if (!isMetric(metric)) return [`the metric ${metric} is not declared`];
  const { by, kind, unit, description } = METRICS[metric];
  const faults = [
    ...senderFault(by, point.resource['service.name']),
    ...(point.kind === kind ? [] : [`its kind is ${point.kind}, not ${kind}`]),
    ...(point.unit === unit ? [] : [`its unit is ${point.unit}, not ${unit}`]),
    ...(point.description === description ? [] : ['its description is another']),
    ...(point.kind === 'gauge' || point.cumulative ? [] : ['it is not cumulative']),
    ...attributeFaults(point.attributes, metricAttributes(metric)),
  ];
  return faults.map((fault) => `${metric}: ${fault}`);
}

/** `name` and `name/attribute` of all that one side declares for itself. */
export function declaredOf(by: 'agent' | 'control-plane'): string[] {
  const own = Object.entries({ ...SPANS, ...METRICS }).filter(
    ([, spec]) => spec.by === by || spec.by === 'both',
  );
  return own.flatMap(([name]) => {
    const attributes = isMetric(name) ? metricAttributes(name) : SPANS[name as SpanName].attributes;
    return [name, ...attributes.map((attribute) => `${name}/${attribute}`)];
  });
}

/** The same of what came from it. */
export function seenOf(
  by: 'agent' | 'control-plane',
  spans: readonly ReceivedSpan[],
  points: readonly ReceivedPoint[],
): Set<string> {
  const seen = new Set<string>();
  const note = (
    name: string,
    { resource, attributes }: Pick<ReceivedSpan, 'resource' | 'attributes'>,
  ) => {
    if (BY[resource['service.name'] as keyof typeof BY] !== by) return;
    seen.add(name);
    for (const attribute of Object.keys(attributes)) seen.add(`${name}/${attribute}`);
  };
  for (const span of spans) note(spanName(span), span);
  for (const point of points) note(point.metric, point);
  return seen;
}
