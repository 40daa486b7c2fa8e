// The only file of this package that reads the environment. The SDK's exporters read the rest of
// OpenTelemetry's variables themselves: headers, timeout, compression, certificates, resource.
import { readSettings, type Variables } from '@oversoak/contracts';

/** Where one signal goes and how often; periods in ms. */
export interface TelemetrySettings {
  traces: TraceSettings | null;
  metrics: MetricSettings | null;
}

export interface TraceSettings {
  scheduledDelayMillis: number;
  exportTimeoutMillis: number;
  maxQueueSize: number;
  maxExportBatchSize: number;
}

export interface MetricSettings {
  exportIntervalMillis: number;
  exportTimeoutMillis: number;
}

function traces(env: Variables): TraceSettings {
  const read = readSettings('telemetry', env, [
    'OTEL_BSP_SCHEDULE_DELAY',
    'OTEL_BSP_EXPORT_TIMEOUT',
    'OTEL_BSP_MAX_QUEUE_SIZE',
    'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
  ]);
  const maxQueueSize = read.OTEL_BSP_MAX_QUEUE_SIZE;
  return {
    scheduledDelayMillis: read.OTEL_BSP_SCHEDULE_DELAY,
    exportTimeoutMillis: read.OTEL_BSP_EXPORT_TIMEOUT,
    maxQueueSize,
    maxExportBatchSize: Math.min(maxQueueSize, read.OTEL_BSP_MAX_EXPORT_BATCH_SIZE),
  };
}

function metrics(env: Variables): MetricSettings {
  const read = readSettings('telemetry', env, [
    'OTEL_METRIC_EXPORT_INTERVAL',
    'OTEL_METRIC_EXPORT_TIMEOUT',
  ]);
  const exportIntervalMillis = read.OTEL_METRIC_EXPORT_INTERVAL;
  return {
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(read.OTEL_METRIC_EXPORT_TIMEOUT, exportIntervalMillis),
  };
}

/**
 * A signal without an endpoint is not sent, and how it would be sent is not read.
 * @throws SettingsError that names the variables and what they may be.
 */
export function readTelemetrySettings(env: Variables = process.env): TelemetrySettings {
  const { OTEL_SDK_DISABLED } = readSettings('telemetry', env, ['OTEL_SDK_DISABLED']);
  if (OTEL_SDK_DISABLED) return { traces: null, metrics: null };
  const to = readSettings('telemetry', env, [
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  ]);
  const both = to.OTEL_EXPORTER_OTLP_ENDPOINT;
  const sendsTraces = (to.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? both) !== undefined;
  const sendsMetrics = (to.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? both) !== undefined;
  return {
    traces: sendsTraces ? traces(env) : null,
    metrics: sendsMetrics ? metrics(env) : null,
  };
}
