import {
  type ExponentialDataPoint,
  type KeyValue,
  type MetricMessage,
  type NumberDataPoint,
  readMetricsRequest,
  readTraceRequest,
  type SpanMessage,
} from './messages.ts';

/** An int comes as a bigint, a double as a number. */
export type Received = string | boolean | bigint | number;
export type ReceivedAttributes = Record<string, Received>;

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const ERROR_STATUS = 2;
const CUMULATIVE = 2;

export interface ReceivedSpan {
  resource: ReceivedAttributes;
  name: string;
  kind: (typeof KINDS)[number];
  traceId: string;
  spanId: string;
  /** Empty: it begins its trace. */
  parentSpanId: string;
  startNs: bigint;
  endNs: bigint;
  attributes: ReceivedAttributes;
  links: { traceId: string; spanId: string }[];
  /** Message of a status that says error. */
  failed: string | null;
}

export interface ReceivedHistogram {
  count: number;
  sum: number;
  scale: number;
  zeroCount: number;
  offset: number;
  bucketCounts: number[];
  min: number | null;
  max: number | null;
}

interface Point {
  resource: ReceivedAttributes;
  metric: string;
  unit: string;
  description: string;
  attributes: ReceivedAttributes;
  startNs: bigint;
  timeNs: bigint;
}
export type ReceivedPoint = Point &
  (
    | { kind: 'gauge'; value: number }
    | { kind: 'sum' | 'updown'; value: number; cumulative: boolean }
    | { kind: 'histogram'; value: ReceivedHistogram; cumulative: boolean }
  );

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function attributesOf(pairs: readonly KeyValue[]): ReceivedAttributes {
  return Object.fromEntries(
    pairs.map(({ key, value }) => {
      const { stringValue, boolValue, intValue, doubleValue } = value ?? {};
      const int = intValue === undefined ? undefined : BigInt(intValue);
      const one = stringValue ?? boolValue ?? int ?? doubleValue;
      if (one === undefined) throw new Error(`the attribute ${key} has a value of no known type`);
      return [key, one];
    }),
  );
}

function span(resource: ReceivedAttributes, message: SpanMessage): ReceivedSpan {
  const { name, kind, status } = message;
  return {
    resource,
    name,
    kind: KINDS[kind] ?? 'unspecified',
    traceId: hex(message.traceId),
    spanId: hex(message.spanId),
    parentSpanId: hex(message.parentSpanId),
    startNs: BigInt(message.startTimeUnixNano),
    endNs: BigInt(message.endTimeUnixNano),
    attributes: attributesOf(message.attributes),
    links: message.links.map((link) => ({ traceId: hex(link.traceId), spanId: hex(link.spanId) })),
    failed: status?.code === ERROR_STATUS ? status.message : null,
  };
}

function histogram(point: ExponentialDataPoint): ReceivedHistogram {
  return {
    count: Number(point.count),
    sum: point.sum ?? 0,
    scale: point.scale,
    zeroCount: Number(point.zeroCount),
    offset: point.positive?.offset ?? 0,
    bucketCounts: (point.positive?.bucketCounts ?? []).map(Number),
    min: point.min ?? null,
    max: point.max ?? null,
  };
}

function numberOf({ asDouble, asInt }: NumberDataPoint): number {
  return asDouble ?? Number(asInt);
}

function points(resource: ReceivedAttributes, message: MetricMessage): ReceivedPoint[] {
  const { name: metric, unit, description, gauge, sum, exponentialHistogram } = message;
  const base = (point: { attributes: KeyValue[] } & Record<string, unknown>): Point => ({
    resource,
    metric,
    unit,
    description,
    attributes: attributesOf(point.attributes),
    startNs: BigInt(String(point.startTimeUnixNano)),
    timeNs: BigInt(String(point.timeUnixNano)),
  });
  if (gauge !== undefined) {
    return gauge.dataPoints.map((point) => ({
      ...base({ ...point }),
      kind: 'gauge',
      value: numberOf(point),
    }));
  }
  if (sum !== undefined) {
    const cumulative = sum.aggregationTemporality === CUMULATIVE;
    const kind = sum.isMonotonic ? 'sum' : 'updown';
    return sum.dataPoints.map((point) => ({
      ...base({ ...point }),
      kind,
      value: numberOf(point),
      cumulative,
    }));
  }
  if (exponentialHistogram === undefined) throw new Error(`${metric} has points of another kind`);
  const cumulative = exponentialHistogram.aggregationTemporality === CUMULATIVE;
  return exponentialHistogram.dataPoints.map((point) => ({
    ...base({ ...point }),
    kind: 'histogram',
    value: histogram(point),
    cumulative,
  }));
}

/** @throws Error for a body that is no such request. */
export function receivedSpans(body: Uint8Array): ReceivedSpan[] {
  return readTraceRequest(body).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const own = attributesOf(resource.attributes);
    return scopeSpans.flatMap(({ spans }) => spans.map((message) => span(own, message)));
  });
}

/** @throws Error for a body that is no such request, and for explicit bucket histograms. */
export function receivedPoints(body: Uint8Array): ReceivedPoint[] {
  return readMetricsRequest(body).resourceMetrics.flatMap(({ resource, scopeMetrics }) => {
    const own = attributesOf(resource.attributes);
    return scopeMetrics.flatMap(({ metrics }) => metrics.flatMap((metric) => points(own, metric)));
  });
}
