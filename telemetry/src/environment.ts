// The only file of this package that reads the environment. The SDK's exporters read the rest of
// OpenTelemetry's variables themselves: headers, timeout, compression, certificates, resource.

/** Where one signal goes and how often; periods in ms. */
export interface Settings {
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

export class TelemetrySettingsError extends Error {
  override name = 'TelemetrySettingsError';
}

type Environment = Readonly<Record<string, string | undefined>>;

function set(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function endpoint(env: Environment, name: string): string | undefined {
  const value = set(env, name);
  if (value === undefined) return undefined;
  const protocol = URL.canParse(value) ? new URL(value).protocol : null;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TelemetrySettingsError(`${name} must be an http:// or https:// URL, not "${value}"`);
  }
  return value;
}

function number(env: Environment, name: string, otherwise: number): number {
  const value = set(env, name) ?? String(otherwise);
  if (!/^\d{1,9}$/.test(value) || Number(value) < 1) {
    throw new TelemetrySettingsError(`${name} must be a whole number from 1 on, not "${value}"`);
  }
  return Number(value);
}

/** Defaults are those of OpenTelemetry's specification. */
function traces(env: Environment): TraceSettings {
  const maxQueueSize = number(env, 'OTEL_BSP_MAX_QUEUE_SIZE', 2048);
  return {
    scheduledDelayMillis: number(env, 'OTEL_BSP_SCHEDULE_DELAY', 5000),
    exportTimeoutMillis: number(env, 'OTEL_BSP_EXPORT_TIMEOUT', 30_000),
    maxQueueSize,
    maxExportBatchSize: Math.min(maxQueueSize, number(env, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512)),
  };
}

function metrics(env: Environment): MetricSettings {
  const exportIntervalMillis = number(env, 'OTEL_METRIC_EXPORT_INTERVAL', 60_000);
  const timeout = number(env, 'OTEL_METRIC_EXPORT_TIMEOUT', 30_000);
  return { exportIntervalMillis, exportTimeoutMillis: Math.min(timeout, exportIntervalMillis) };
}

/**
 * A signal without an endpoint is not sent.
 * @throws TelemetrySettingsError that names the variable and what it may be.
 */
export function readSettings(env: Environment = process.env): Settings {
  if (set(env, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true') {
    return { traces: null, metrics: null };
  }
  const both = endpoint(env, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const tracesTo = endpoint(env, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? both;
  const metricsTo = endpoint(env, 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT') ?? both;
  return {
    traces: tracesTo === undefined ? null : traces(env),
    metrics: metricsTo === undefined ? null : metrics(env),
  };
}
