// The only file that puts OpenTelemetry's SDK together; it is loaded where there is a receiver.
import type { Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  AggregationType,
  InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { METRICS, metricAttributes, type SumMetric } from '@oversoak/contracts';
import { declared } from './attributes.ts';
import { CountedMetricExporter, CountedTraceExporter, Delivery } from './delivery.ts';
import type { MetricSettings, Settings, TraceSettings } from './environment.ts';
import { Sources } from './sources.ts';
import { begin } from './spans.ts';
import type { TelemetryOptions } from './start.ts';
import { OFF, type Telemetry } from './telemetry.ts';

/** Of a receiver that hangs. An export that takes longer goes on without anybody waiting. */
const FLUSH_MS = 5_000;
const CLOSE_MS = 1_000;

interface Signal {
  flush(): Promise<unknown>;
  close(): Promise<unknown>;
}
type Traces = Signal & Pick<Telemetry, 'begin'>;
type Metrics = Signal & Pick<Telemetry, 'addSource' | 'record' | 'count'>;

const NO_SIGNAL: Signal = { flush: async () => {}, close: async () => {} };

function startTraces(
  settings: TraceSettings,
  resource: Resource,
  { name, version }: TelemetryOptions,
  delivery: Delivery,
): Traces {
  const exporter = new CountedTraceExporter(delivery);
  const provider = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ exporter, ...settings })],
  });
  const tracer = provider.getTracer(name, version);
  let ended = 0;
  let closed = false;
  // The processor would drop what is too much without telling anybody how much that was.
  const queue = {
    take: () => {
      const full = ended - exporter.taken >= settings.maxQueueSize;
      if (full || closed) delivery.drop('spans', 1, full ? 'too many wait' : 'it has ended');
      else ended += 1;
      return !full && !closed;
    },
  };
  return {
    begin: (span, start) => begin(tracer, queue, span, start),
    flush: () => provider.forceFlush(),
    close: () => {
      closed = true;
      return provider.shutdown();
    },
  };
}

function startMetrics(
  settings: MetricSettings,
  resource: Resource,
  { name, version, now = Date.now }: TelemetryOptions,
  delivery: Delivery,
): Metrics {
  const sources = new Sources({ name, version }, now, delivery);
  let startMs: number | undefined;
  sources.add(() => {
    // Of its first export and not of now: the clock may have to be set first.
    startMs ??= now();
    const { dropped } = delivery;
    return [{ metric: 'oversoak.telemetry.dropped', attributes: {}, startMs, value: dropped }];
  });
  const exporter = new CountedMetricExporter(delivery);
  const reader = new PeriodicExportingMetricReader({
    exporter,
    ...settings,
    metricProducers: [sources],
  });
  const provider = new MeterProvider({
    resource,
    readers: [reader],
    views: [
      {
        instrumentType: InstrumentType.HISTOGRAM,
        aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
      },
    ],
  });
  return {
    addSource: (source) => sources.add(source),
    ...instruments(provider.getMeter(name, version)),
    flush: () => provider.forceFlush(),
    close: () => provider.shutdown(),
  };
}

/** The SDK's own instruments, made when they are first used. */
function instruments(meter: Meter): Pick<Telemetry, 'record' | 'count'> {
  const histograms = new Map<string, Histogram>();
  const sums = new Map<string, Counter | UpDownCounter>();
  const made = <T>(known: Map<string, T>, metric: string, make: () => T): T => {
    const instrument = known.get(metric) ?? make();
    known.set(metric, instrument);
    return instrument;
  };
  const sum = (metric: SumMetric) =>
    METRICS[metric].kind === 'sum'
      ? meter.createCounter(metric, METRICS[metric])
      : meter.createUpDownCounter(metric, METRICS[metric]);
  return {
    record: (metric, value, attributes = {}) =>
      made(histograms, metric, () => meter.createHistogram(metric, METRICS[metric])).record(
        value,
        declared(metricAttributes(metric), attributes),
      ),
    count: (metric, attributes = {}, by = 1) =>
      made(sums, metric, () => sum(metric)).add(by, declared(metricAttributes(metric), attributes)),
  };
}

export function startSdk(settings: Settings, options: TelemetryOptions): Telemetry {
  const delivery = new Delivery(options.warn);
  const resource = defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': options.name,
        'service.version': options.version,
        'service.instance.id': options.instanceId,
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
  const traces =
    settings.traces === null
      ? { ...OFF, ...NO_SIGNAL }
      : startTraces(settings.traces, resource, options, delivery);
  const metrics =
    settings.metrics === null
      ? { ...OFF, ...NO_SIGNAL }
      : startMetrics(settings.metrics, resource, options, delivery);
  const both = (step: (signal: Signal) => Promise<unknown>, withinMs: number) =>
    bounded([step(traces), step(metrics)], withinMs);
  let closed: Promise<void> | undefined;
  return {
    on: true,
    begin: traces.begin,
    addSource: metrics.addSource,
    record: metrics.record,
    count: metrics.count,
    flush: () => closed ?? both((signal) => signal.flush(), FLUSH_MS),
    close: () => {
      closed ??= both((signal) => signal.close(), CLOSE_MS);
      return closed;
    },
  };
}

/** Resolves when all have ended, well or not (what was not delivered is counted), or in time. */
async function bounded(steps: Promise<unknown>[], withinMs: number): Promise<void> {
  const bound = Promise.withResolvers<void>();
  const timer = setTimeout(bound.resolve, withinMs);
  await Promise.race([Promise.allSettled(steps), bound.promise]);
  clearTimeout(timer);
}
