import {
  type Context,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { millisToHrTime, parseTraceParent } from '@opentelemetry/core';
import { SPANS, type SpanName } from '@oversoak/contracts';
import { declared } from './attributes.ts';
import type { OpenSpan, SpanStart } from './telemetry.ts';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** The queue of spans to send, whose bound is enforced and visible. */
export interface SpanQueue {
  /** Returns false when the queue is full or closed. */
  take(): boolean;
}

function traceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Null for an invalid traceparent, which starts a new trace. */
function remote(text: string): SpanContext | null {
  const context = parseTraceParent(text);
  return context === null ? null : { ...context, isRemote: true };
}

function above(parent: string | undefined): Context {
  const context = parent === undefined ? null : remote(parent);
  return context === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, context);
}

/**
 * Passes times as seconds and nanoseconds: the SDK interprets small numbers of ms as relative to
 * the start of the process.
 */
export function begin(
  tracer: Tracer,
  queue: SpanQueue,
  name: SpanName,
  start: SpanStart,
): OpenSpan {
  const { kind, attributes: names } = SPANS[name];
  const links = (start.links ?? []).flatMap((text) => {
    const context = remote(text);
    return context === null ? [] : [{ context }];
  });
  const span = tracer.startSpan(
    start.title ?? name,
    { kind: KINDS[kind], startTime: millisToHrTime(start.startMs), links },
    above(start.parent),
  );
  return {
    trace: traceparent(span.spanContext()),
    end: ({ endMs, attributes, failed }) => {
      if (!span.isRecording() || !queue.take()) return;
      span.setAttributes(declared(names, attributes));
      if (failed !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failed });
      span.end(millisToHrTime(Math.max(endMs, start.startMs)));
    },
  };
}
