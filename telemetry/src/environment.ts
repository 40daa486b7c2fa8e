// The only file of this package that reads the environment. The SDK's exporters read the rest of
// OpenTelemetry's variables themselves: headers, timeout, compression, certificates, resource.
import { readSettings, SIGNALS, type Signal, type Variables } from '@oversoak/contracts';
import type { GivenReceiver } from './telemetry.ts';

/** Where one signal goes and how often; periods in ms. */
export interface TelemetrySettings {
  traces: TraceSettings | null;
  metrics: MetricSettings | null;
  /** null: the exporters read from the variables where to. */
  receiver: GivenReceiver | null;
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

/** What the variables send somewhere. @throws SettingsError */
export function namedSignals(env: Variables = process.env): Signal[] {
  const { OTEL_SDK_DISABLED } = readSettings('telemetry', env, ['OTEL_SDK_DISABLED']);
  if (OTEL_SDK_DISABLED) return [];
  const to = readSettings('telemetry', env, [
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  ]);
  const both = to.OTEL_EXPORTER_OTLP_ENDPOINT;
  const endpoints = {
    traces: to.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? both,
    metrics: to.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? both,
  };
  return SIGNALS.filter((signal) => endpoints[signal] !== undefined);
}

/**
 * A signal without an endpoint is not sent, and how it would be sent is not read. The variables go
 * before the receiver that is given.
 * @throws SettingsError that names the variables and what they may be.
 */
export function readTelemetrySettings(
  env: Variables = process.env,
  given: GivenReceiver | null = null,
): TelemetrySettings {
  const { OTEL_SDK_DISABLED } = readSettings('telemetry', env, ['OTEL_SDK_DISABLED']);
  const byVariables = namedSignals(env);
  const receiver = byVariables.length > 0 || OTEL_SDK_DISABLED ? null : given;
  const signals = receiver?.signals ?? byVariables;
  return {
    traces: signals.includes('traces') ? traces(env) : null,
    metrics: signals.includes('metrics') ? metrics(env) : null,
    receiver,
  };
}
