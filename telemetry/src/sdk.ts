// The only file that assembles OpenTelemetry's SDK. It is loaded only if a receiver is configured.
import { type Histogram, type Meter, metrics, trace } from '@opentelemetry/api';
import { defaultResource, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationType,
  InstrumentType,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { METRICS, metricAttributes } from '@oversoak/contracts';
import { declared } from './attributes.ts';
import { CountedMetricExporter, CountedTraceExporter, Delivery } from './delivery.ts';
import type { MetricSettings, TelemetrySettings, TraceSettings } from './environment.ts';
import { Sources } from './sources.ts';
import { begin } from './spans.ts';
import { type GivenReceiver, OFF, type Telemetry, type TelemetryOptions } from './telemetry.ts';

/**
 * Bounds for a hanging receiver. An export that takes longer continues, but nobody waits for it.
 */
const FLUSH_MS = 5_000;
const CLOSE_MS = 1_000;

/**
 * A signal, traces or metrics: its SDK configuration, and its interface after the SDK has started.
 */
interface Signal<T> {
  configuration: Partial<NodeSDKConfiguration>;
  flush(): Promise<unknown>;
  started(): T;
}
type Traces = Pick<Telemetry, 'begin'>;
type Metrics = Pick<Telemetry, 'addSource' | 'record'>;

function tracesOf(
  settings: TraceSettings,
  receiver: GivenReceiver | null,
  { name, version }: TelemetryOptions,
  delivery: Delivery,
  isClosed: () => boolean,
): Signal<Traces> {
  const exporter = new CountedTraceExporter(delivery, receiver);
  const processor = new BatchSpanProcessor({ exporter, ...settings });
  let ended = 0;
  // The processor itself would drop excess spans without reporting how many.
  const queue = {
    take: () => {
      const full = ended - exporter.taken >= settings.maxQueueSize;
      const refused = full || isClosed();
      if (refused) delivery.drop('spans', 1, full ? 'the queue is full' : 'telemetry is closed');
      else ended += 1;
      return !refused;
    },
  };
  return {
    configuration: { spanProcessors: [processor] },
    flush: () => processor.forceFlush(),
    started: () => {
      const tracer = trace.getTracer(name, version);
      return { begin: (span, start) => begin(tracer, queue, span, start) };
    },
  };
}

function metricsOf(
  settings: MetricSettings,
  receiver: GivenReceiver | null,
  { name, version, now = Date.now }: TelemetryOptions,
  delivery: Delivery,
): Signal<Metrics> {
  const sources = new Sources({ name, version }, now, delivery);
  let startMs: number | undefined;
  sources.add(() => {
    // Take the time of the first export rather than now: the clock may not be set yet.
    startMs ??= now();
    const { dropped } = delivery;
    return [{ metric: 'oversoak.telemetry.dropped', attributes: {}, startMs, value: dropped }];
  });
  const exporter = new CountedMetricExporter(delivery, receiver);
  const reader = new PeriodicExportingMetricReader({
    exporter,
    ...settings,
    metricProducers: [sources],
  });
  return {
    configuration: {
      metricReaders: [reader],
      views: [
        {
          instrumentType: InstrumentType.HISTOGRAM,
          aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
        },
      ],
    },
    flush: () => reader.forceFlush(),
    started: () => ({
      addSource: (source) => sources.add(source),
      record: recorder(metrics.getMeter(name, version)),
    }),
  };
}

/** Records in the SDK's histograms, which are created at their first use. */
function recorder(meter: Meter): Telemetry['record'] {
  const histograms = new Map<string, Histogram>();
  return (metric, value, attributes = {}) => {
    const histogram = histograms.get(metric) ?? meter.createHistogram(metric, METRICS[metric]);
    histograms.set(metric, histogram);
    histogram.record(value, declared(metricAttributes(metric), attributes));
  };
}

/** @throws Error when this process has one: the SDK's providers are the process's. */
export function startSdk(settings: TelemetrySettings, options: TelemetryOptions): Telemetry {
  const delivery = new Delivery(options.warn);
  let closed: Promise<void> | undefined;
  const isClosed = () => closed !== undefined;
  const { traces, metrics, receiver } = settings;
  const traceSignal =
    traces === null ? null : tracesOf(traces, receiver, options, delivery, isClosed);
  const metricSignal = metrics === null ? null : metricsOf(metrics, receiver, options, delivery);
  const sdk = new NodeSDK({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': options.name,
        'service.version': options.version,
        'service.instance.id': options.instanceId,
      }),
    ),
    resourceDetectors: [envDetector],
    // The SDK would read unset options from the environment and create exporters of its own.
    spanProcessors: [],
    metricReaders: [],
    logRecordProcessors: [],
    textMapPropagator: null,
    ...traceSignal?.configuration,
    ...metricSignal?.configuration,
  });
  holdProcess();
  sdk.start();
  const flush = () => bounded([traceSignal?.flush(), metricSignal?.flush()], FLUSH_MS);
  return {
    ...OFF,
    on: true,
    ...traceSignal?.started(),
    ...metricSignal?.started(),
    flush: () => closed ?? flush(),
    close: () => {
      closed ??= bounded([sdk.shutdown()], CLOSE_MS).then(freeProcess);
      return closed;
    },
  };
}

let held = false;

function holdProcess(): void {
  if (held) throw new Error('telemetry is already started in this process');
  held = true;
}

function freeProcess(): void {
  trace.disable();
  metrics.disable();
  held = false;
}

/** Resolves when all steps have settled (undelivered data is counted) or the time is over. */
async function bounded(steps: readonly unknown[], withinMs: number): Promise<void> {
  const bound = Promise.withResolvers<void>();
  const timer = setTimeout(bound.resolve, withinMs);
  await Promise.race([Promise.allSettled(steps), bound.promise]);
  clearTimeout(timer);
}
