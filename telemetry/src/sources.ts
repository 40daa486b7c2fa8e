import { type Attributes as SdkAttributes, ValueType } from '@opentelemetry/api';
import { type InstrumentationScope, millisToHrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { METRICS, type Metric, metricAttributes } from '@oversoak/contracts';
import { declared } from './attributes.ts';
import type { Delivery } from './delivery.ts';
import { exponential } from './exponential.ts';
import type { MetricPoint, MetricSource } from './telemetry.ts';

type Series = MetricPoint & { sent: SdkAttributes };

/** Metrics whose values are kept by other parts and read at every export. */
export class Sources implements MetricProducer {
  readonly #sources = new Set<MetricSource>();
  readonly #scope: InstrumentationScope;
  readonly #now: () => number;
  readonly #delivery: Delivery;

  constructor(scope: InstrumentationScope, now: () => number, delivery: Delivery) {
    this.#scope = scope;
    this.#now = now;
    this.#delivery = delivery;
  }

  add(source: MetricSource): () => void {
    // Wrap the source: the same one may be added twice, and each is removed separately.
    const own: MetricSource = () => source();
    this.#sources.add(own);
    return () => this.#sources.delete(own);
  }

  async collect(): Promise<CollectionResult> {
    const nowMs = this.#now();
    const metrics = [...this.#gather()].map(([metric, series]) =>
      metricData(metric, [...series.values()], nowMs),
    );
    const scopeMetrics = metrics.length === 0 ? [] : [{ scope: this.#scope, metrics }];
    // The reader uses the resource of its provider.
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
  }

  /** If two sources have the same series (a run and the next one), the newer one wins. */
  #gather(): Map<Metric, Map<string, Series>> {
    const byMetric = new Map<Metric, Map<string, Series>>();
    for (const point of this.#points()) {
      const sent = declared(metricAttributes(point.metric), point.attributes);
      const series = byMetric.get(point.metric) ?? new Map<string, Series>();
      byMetric.set(point.metric, series);
      const key = JSON.stringify(sent);
      const other = series.get(key);
      if (other === undefined || other.startMs <= point.startMs)
        series.set(key, { ...point, sent });
    }
    return byMetric;
  }

  *#points(): Iterable<MetricPoint> {
    for (const source of this.#sources) {
      try {
        yield* source();
      } catch (error) {
        // A defect of ours, which must not end the run.
        this.#delivery.drop('metrics of a source', 1, String(error));
      }
    }
  }
}

function metricData(metric: Metric, series: readonly Series[], nowMs: number): MetricData {
  const { kind, unit, description } = METRICS[metric];
  const base = {
    descriptor: { name: metric, unit, description, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const points = <T>() =>
    series.map(
      ({ startMs, sent, value }): DataPoint<T> => ({
        startTime: millisToHrTime(startMs),
        endTime: millisToHrTime(Math.max(nowMs, startMs)),
        attributes: sent,
        // A point's type follows from its metric.
        value: (typeof value === 'number' ? value : exponential(value)) as T,
      }),
    );
  switch (kind) {
    case 'histogram':
      return {
        ...base,
        dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
        dataPoints: points<ExponentialHistogram>(),
      };
    case 'gauge':
      return { ...base, dataPointType: DataPointType.GAUGE, dataPoints: points<number>() };
    default:
      return {
        ...base,
        dataPointType: DataPointType.SUM,
        isMonotonic: kind === 'sum',
        dataPoints: points<number>(),
      };
  }
}
