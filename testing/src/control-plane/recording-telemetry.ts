import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  ATTRIBUTES,
  type Attribute,
  type HistogramMetric,
  metricAttributes,
  SPANS,
  type SpanName,
} from '@oversoak/contracts';
import type {
  Attributes,
  MetricPoint,
  MetricSource,
  OpenSpan,
  SpanStart,
  Telemetry,
} from '@oversoak/telemetry';

/** A span that was ended. */
export interface RecordedSpan {
  name: SpanName;
  title: string | undefined;
  trace: string;
  parent: string | undefined;
  links: readonly string[];
  startMs: number;
  endMs: number;
  attributes: Attributes;
  failed: string | undefined;
}

/** A value that was recorded. */
export interface Recorded {
  metric: HistogramMetric;
  value: number;
  attributes: Attributes;
}

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

/** Holds what it is given against its declaration, and keeps it. */
export class RecordingTelemetry implements Telemetry {
  readonly on = true;
  readonly spans: RecordedSpan[] = [];
  readonly recorded: Recorded[] = [];
  readonly #sources = new Set<MetricSource>();
  flushes = 0;

  begin(name: SpanName, { startMs, parent, links = [], title }: SpanStart): OpenSpan {
    const traceId = parent?.split('-')[1] ?? hex(16);
    const trace = `00-${traceId}-${hex(8)}-01`;
    return {
      trace,
      end: ({ endMs, attributes, failed }) => {
        held(attributes, SPANS[name].attributes, name);
        assert.ok(endMs >= startMs, `${name} ends ${startMs - endMs} ms before it starts`);
        const span = { name, title, trace, parent, links, startMs, endMs, attributes, failed };
        assert.ok(!this.spans.some((one) => one.trace === trace), `${name} ended twice`);
        this.spans.push(span);
      },
    };
  }

  addSource(source: MetricSource): () => void {
    this.#sources.add(source);
    return () => void this.#sources.delete(source);
  }

  record(metric: HistogramMetric, value: number, attributes: Attributes = {}): void {
    held(attributes, metricAttributes(metric), metric);
    this.recorded.push({ metric, value, attributes });
  }

  /** Every point of this moment. */
  collect(): MetricPoint[] {
    const points = [...this.#sources].flatMap((source) => [...source()]);
    for (const { metric, attributes } of points) {
      held(attributes, metricAttributes(metric), metric);
    }
    const series = points.map(({ metric, attributes }) => JSON.stringify([metric, attributes]));
    assert.equal(new Set(series).size, series.length, 'a series is there twice');
    return points;
  }

  named(...names: SpanName[]): RecordedSpan[] {
    return this.spans.filter(({ name }) => names.includes(name));
  }

  async flush(): Promise<void> {
    this.flushes++;
  }

  async close(): Promise<void> {}
}

/** Attributes are declared ones, of their types and values. */
function held(attributes: Attributes, declared: readonly Attribute[], of: string): void {
  for (const [name, value] of Object.entries(attributes)) {
    assert.ok((declared as readonly string[]).includes(name), `${of} has no attribute ${name}`);
    const spec = ATTRIBUTES[name as Attribute];
    assert.equal(typeof value, spec.type === 'string' ? 'string' : 'number', `${of} ${name}`);
    if ('values' in spec) {
      assert.ok((spec.values as readonly unknown[]).includes(value), `${of} ${name} ${value}`);
    }
  }
}
