import type { Attribute, HistogramMetric, Metric, SpanName } from '@oversoak/contracts';
import type { Histogram } from 'hdr-histogram-js';

export type Attributes = { readonly [A in Attribute]?: string | number };

/** What a figure is at a moment. Cumulative ones count from `startMs` (Unix time). */
export type MetricPoint = { attributes: Attributes; startMs: number } & (
  | {
      metric: HistogramMetric;
      /** Nanoseconds, as the native core counts. */
      value: Histogram;
    }
  | {
      metric: Exclude<Metric, HistogramMetric>;
      /** In the unit of the metric. */
      value: number;
    }
);

/** Answers the points of this moment; asked once an export. What is no longer answered ends. */
export type MetricSource = () => Iterable<MetricPoint>;

export interface SpanStart {
  startMs: number;
  /** W3C traceparent of the span above it; without it a trace of its own begins. */
  parent?: string | undefined;
  /** W3C traceparents of what else it belongs to. */
  links?: readonly string[];
  /** Shown in place of the name, e.g. "GET /v1/soaks". */
  title?: string;
}

export interface OpenSpan {
  /** W3C traceparent, for children here and elsewhere. */
  readonly trace: string;
  /** Not called: the span is never sent. */
  end(ending: { endMs: number; attributes: Attributes; failed?: string }): void;
}

/**
 * The way out for traces and metrics. Nothing here throws or waits for the receiver: what cannot
 * be delivered is counted (`oversoak.telemetry.dropped`).
 */
export interface Telemetry {
  /** False: no receiver is set, and whoever gathers figures for it may leave that. */
  readonly on: boolean;
  begin(name: SpanName, start: SpanStart): OpenSpan;
  /** The answered function takes the source away again. */
  addSource(source: MetricSource): () => void;
  /** Records in a histogram of the program's own, in the metric's unit. */
  record(metric: HistogramMetric, value: number, attributes?: Attributes): void;
  /** Sends what there is now, and not only at the next interval; bounded, never rejects. */
  flush(): Promise<void>;
  /** Flushes and ends; bounded, never rejects. */
  close(): Promise<void>;
}

const NO_SPAN: OpenSpan = { trace: '', end: () => {} };

/** Where no receiver is set. */
export const OFF: Telemetry = {
  on: false,
  begin: () => NO_SPAN,
  addSource: () => () => {},
  record: () => {},
  flush: async () => {},
  close: async () => {},
};

export interface TelemetryOptions {
  /** `service.name`. */
  name: 'oversoak-agent' | 'oversoak-control-plane';
  /** `service.version`. */
  version: string;
  /** `service.instance.id`: one of the processes of that name. */
  instanceId: string;
  /** Told when delivery fails, once and not for every attempt. */
  warn: (text: string) => void;
  /** Unix time, ms, to which metrics are dated; the machine's wall clock if not given. */
  now?: () => number;
}
