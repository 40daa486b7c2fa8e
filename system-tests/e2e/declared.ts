// Compares the received telemetry with what contracts/ declares.
import {
  ATTRIBUTES,
  type Attribute,
  METRICS,
  type Metric,
  metricAttributes,
  SPANS,
  type SpanName,
} from '@oversoak/contracts';
import type { Received, ReceivedPoint, ReceivedSpan } from '@oversoak/testing/otlp/index';

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

const SENDERS = ['agent', 'control-plane'] as const;

/** What is declared, as `name of sender` and `name/attribute`. */
export const DECLARED: readonly string[] = Object.entries({ ...SPANS, ...METRICS }).flatMap(
  ([name, { by }]) => {
    const attributes = isMetric(name) ? metricAttributes(name) : SPANS[name as SpanName].attributes;
    return [
      ...SENDERS.filter((sender) => by === 'both' || by === sender).map(
        (sender) => `${name} of ${sender}`,
      ),
      ...attributes.map((attribute) => `${name}/${attribute}`),
    ];
  },
);

/** The same of what came. */
export function seenOf(
  spans: readonly ReceivedSpan[],
  points: readonly ReceivedPoint[],
): Set<string> {
  const named = [
    ...spans.map((span) => ({ ...span, name: spanName(span) })),
    ...points.map((point) => ({ ...point, name: point.metric })),
  ];
  return new Set(
    named.flatMap(({ name, resource, attributes }) => [
      `${name} of ${BY[resource['service.name'] as keyof typeof BY]}`,
      ...Object.keys(attributes).map((attribute) => `${name}/${attribute}`),
    ]),
  );
}
