import protobuf from 'protobufjs';

/** The messages of OTLP 1 in the parts that are looked at here: name, type and number of fields. */
const MESSAGES = `
  syntax = "proto3";
  message AnyValue {
    oneof value {
      string string_value = 1;
      bool bool_value = 2;
      int64 int_value = 3;
      double double_value = 4;
    }
  }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message Scope { string name = 1; string version = 2; }

  message TraceRequest { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
  message Link { bytes trace_id = 1; bytes span_id = 2; }
  message Status { string message = 2; int32 code = 3; }
  message Span {
    bytes trace_id = 1;
    bytes span_id = 2;
    bytes parent_span_id = 4;
    string name = 5;
    int32 kind = 6;
    fixed64 start_time_unix_nano = 7;
    fixed64 end_time_unix_nano = 8;
    repeated KeyValue attributes = 9;
    repeated Link links = 13;
    Status status = 15;
  }

  message MetricsRequest { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
  message Metric {
    string name = 1;
    string description = 2;
    string unit = 3;
    oneof data {
      Gauge gauge = 5;
      Sum sum = 7;
      Histogram histogram = 9;
      ExponentialHistogram exponential_histogram = 10;
    }
  }
  message Gauge { repeated NumberDataPoint data_points = 1; }
  message Sum {
    repeated NumberDataPoint data_points = 1;
    int32 aggregation_temporality = 2;
    bool is_monotonic = 3;
  }
  message Histogram { int32 aggregation_temporality = 2; }
  message ExponentialHistogram {
    repeated ExponentialDataPoint data_points = 1;
    int32 aggregation_temporality = 2;
  }
  message NumberDataPoint {
    fixed64 start_time_unix_nano = 2;
    fixed64 time_unix_nano = 3;
    oneof value {
      double as_double = 4;
      sfixed64 as_int = 6;
    }
    repeated KeyValue attributes = 7;
  }
  message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
  message ExponentialDataPoint {
    repeated KeyValue attributes = 1;
    fixed64 start_time_unix_nano = 2;
    fixed64 time_unix_nano = 3;
    fixed64 count = 4;
    optional double sum = 5;
    sint32 scale = 6;
    fixed64 zero_count = 7;
    Buckets positive = 8;
    optional double min = 12;
    optional double max = 13;
  }
`;

const { root } = protobuf.parse(MESSAGES);
const OBJECTS = { longs: String, arrays: true, defaults: true } as const;

interface AnyValue {
  stringValue?: string;
  boolValue?: boolean;
  /** int64 as text. */
  intValue?: string;
  doubleValue?: number;
}
export interface KeyValue {
  key: string;
  value: AnyValue | null;
}
interface Resource {
  attributes: KeyValue[];
}

export interface SpanMessage {
  traceId: Uint8Array;
  spanId: Uint8Array;
  parentSpanId: Uint8Array;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: KeyValue[];
  links: { traceId: Uint8Array; spanId: Uint8Array }[];
  status: { message: string; code: number } | null;
}
export interface TraceRequest {
  resourceSpans: { resource: Resource; scopeSpans: { spans: SpanMessage[] }[] }[];
}

interface DataPoint {
  startTimeUnixNano: string;
  timeUnixNano: string;
  attributes: KeyValue[];
}
export interface NumberDataPoint extends DataPoint {
  asDouble?: number;
  asInt?: string;
}
export interface ExponentialDataPoint extends DataPoint {
  count: string;
  sum?: number;
  scale: number;
  zeroCount: string;
  positive: { offset: number; bucketCounts: string[] } | null;
  min?: number;
  max?: number;
}
export interface MetricMessage {
  name: string;
  description: string;
  unit: string;
  gauge?: { dataPoints: NumberDataPoint[] };
  sum?: { dataPoints: NumberDataPoint[]; aggregationTemporality: number; isMonotonic: boolean };
  histogram?: { aggregationTemporality: number };
  exponentialHistogram?: { dataPoints: ExponentialDataPoint[]; aggregationTemporality: number };
}
export interface MetricsRequest {
  resourceMetrics: { resource: Resource; scopeMetrics: { metrics: MetricMessage[] }[] }[];
}

function read(name: string, body: Uint8Array): unknown {
  const type = root.lookupType(name);
  return type.toObject(type.decode(body), OBJECTS);
}

/** @throws Error for what is no such message. */
export function readTraceRequest(body: Uint8Array): TraceRequest {
  return read('TraceRequest', body) as TraceRequest;
}

/** @throws Error for what is no such message. */
export function readMetricsRequest(body: Uint8Array): MetricsRequest {
  return read('MetricsRequest', body) as MetricsRequest;
}
