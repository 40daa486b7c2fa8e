import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsError } from '@oversoak/contracts';
import { readTelemetrySettings } from '../src/environment.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
const TRACES = {
  scheduledDelayMillis: 5000,
  exportTimeoutMillis: 30_000,
  maxQueueSize: 2048,
  maxExportBatchSize: 512,
};
const METRICS = { exportIntervalMillis: 10_000, exportTimeoutMillis: 10_000 };

test('nothing is sent without an endpoint', () => {
  assert.deepEqual(readTelemetrySettings({}), { traces: null, metrics: null, receiver: null });
  assert.deepEqual(readTelemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }), {
    traces: null,
    metrics: null,
    receiver: null,
  });
  assert.deepEqual(readTelemetrySettings({ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }), {
    traces: null,
    metrics: null,
    receiver: null,
  });
});

test('one endpoint serves both signals, and each may have its own', () => {
  assert.deepEqual(readTelemetrySettings(ENDPOINT), {
    traces: TRACES,
    metrics: METRICS,
    receiver: null,
  });
  assert.deepEqual(
    readTelemetrySettings({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://tempo:4318/v1' }),
    {
      traces: TRACES,
      metrics: null,
      receiver: null,
    },
  );
  assert.deepEqual(
    readTelemetrySettings({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://prom/v1' }),
    {
      traces: null,
      metrics: METRICS,
      receiver: null,
    },
  );
});

test('a receiver that is given is used where the variables name none', () => {
  const given = { url: 'https://api/v1/otlp/', token: 'ost_a_x', signals: ['metrics'] as const };
  const expected = { traces: null, metrics: METRICS, receiver: given };
  assert.deepEqual(readTelemetrySettings({}, given), expected);
  const { receiver, traces } = readTelemetrySettings(ENDPOINT, given);
  assert.deepEqual([receiver, traces], [null, TRACES]);
  const off = readTelemetrySettings({ OTEL_SDK_DISABLED: 'true' }, given);
  assert.deepEqual(off, { traces: null, metrics: null, receiver: null });
});

test('the variables set periods and bounds', () => {
  const { traces, metrics } = readTelemetrySettings({
    ...ENDPOINT,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_BSP_SCHEDULE_DELAY: '200',
    OTEL_BSP_MAX_QUEUE_SIZE: '100',
  });
  assert.deepEqual(metrics, { exportIntervalMillis: 1000, exportTimeoutMillis: 1000 });
  assert.deepEqual(traces, {
    ...TRACES,
    scheduledDelayMillis: 200,
    maxQueueSize: 100,
    maxExportBatchSize: 100,
  });
});

for (const [name, value] of [
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'tempo'],
  ['OTEL_METRIC_EXPORT_INTERVAL', '0'],
  ['OTEL_METRIC_EXPORT_TIMEOUT', '5s'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', '-1'],
] as const) {
  test(`${name} cannot be "${value}"`, () => {
    assert.throws(() => readTelemetrySettings({ ...ENDPOINT, [name]: value }), {
      name: SettingsError.name,
      message: new RegExp(`^${name} must be .*, not "${value}"$`),
    });
  });
}
