import type { Attribute, HistogramMetric, Metric, Signal, SpanName } from '@oversoak/contracts';
import type { Histogram } from 'hdr-histogram-js';

export type Attributes = { readonly [A in Attribute]?: string | number };

/** The value of a metric at a moment. Cumulative values count from `startMs` (Unix time). */
export type MetricPoint = { attributes: Attributes; startMs: number } & (
  | {
      metric: HistogramMetric;
      /** In nanoseconds, as in the native core. */
      value: Histogram;
    }
  | {
      metric: Exclude<Metric, HistogramMetric>;
      /** In the metric's unit. */
      value: number;
    }
);

/** Returns the current points; called once per export. A series that is no longer returned ends. */
export type MetricSource = () => Iterable<MetricPoint>;

export interface SpanStart {
  startMs: number;
  /** W3C traceparent of the parent span; without it the span starts a new trace. */
  parent?: string | undefined;
  /** W3C traceparents of related spans. */
  links?: readonly string[];
  /** Shown instead of the name, e.g. "GET /v1/soaks". */
  title?: string;
}

export interface OpenSpan {
  /** W3C traceparent for child spans, in this process or another. */
  readonly trace: string;
  /** Must be called, otherwise the span is never sent. */
  end(ending: { endMs: number; attributes: Attributes; failed?: string }): void;
}

/**
 * The interface for traces and metrics. Nothing here throws or waits for the receiver: undelivered
 * data is counted (`oversoak.telemetry.dropped`).
 */
export interface Telemetry {
  /** False when no receiver is configured; callers may then skip collecting data. */
  readonly on: boolean;
  begin(name: SpanName, start: SpanStart): OpenSpan;
  /** Returns a function that removes the source. */
  addSource(source: MetricSource): () => void;
  /** Records a value in a histogram of the SDK, in the metric's unit. */
  record(metric: HistogramMetric, value: number, attributes?: Attributes): void;
  /** Sends now instead of at the next interval; bounded, never rejects. */
  flush(): Promise<void>;
  /** Flushes and closes; bounded, never rejects. */
  close(): Promise<void>;
}

const NO_SPAN: OpenSpan = { trace: '', end: () => {} };

/** Used when no receiver is configured. */
export const OFF: Telemetry = {
  on: false,
  begin: () => NO_SPAN,
  addSource: () => () => {},
  record: () => {},
  flush: async () => {},
  close: async () => {},
};

/** A receiver that no variable names, such as the control plane of an agent that joined. */
export interface GivenReceiver {
  /** The base of OTLP/HTTP, which ends with a slash. */
  url: string;
  /** Sent as `Authorization: Bearer`. */
  token: string;
  signals: readonly Signal[];
  /** An authority that may have signed its certificate, beside those that Node.js knows; PEM. */
  ca?: string | undefined;
}

export interface TelemetryOptions {
  /** `service.name`. */
  name: 'oversoak-agent' | 'oversoak-control-plane';
  /** `service.version`. */
  version: string;
  /** `service.instance.id`: distinguishes processes of that name. */
  instanceId: string;
  /** Called when delivery starts to fail, not for every attempt. */
  warn: (text: string) => void;
  /** Unix time in ms for metrics; default: the machine's wall clock. */
  now?: () => number;
  /** Where everything goes unless the variables name a receiver. */
  receiver?: GivenReceiver | undefined;
}
