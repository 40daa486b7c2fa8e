import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  inheritedEnvironment,
  userAgentSettings,
  withReceiver,
} from '../../src/cluster/environment.ts';
import { jsonLine } from '../../src/cluster/log-file.ts';

test('oversoak settings of the shell do not reach the processes of the cluster', () => {
  const given = { PATH: '/bin', OVERSOAK_LABELS: 'a=b', OVERSOAK_TOKEN: 'x' };
  assert.deepEqual(inheritedEnvironment(given), { PATH: '/bin' });
});

test('a requested receiver overrides that of the shell', () => {
  const shell = {
    PATH: '/bin',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://elsewhere/v1/traces',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://elsewhere/v1/metrics',
    OTEL_SDK_DISABLED: 'true',
    OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
  };
  assert.equal(withReceiver(shell, undefined), shell);
  assert.deepEqual(withReceiver(shell, 'http://here'), {
    PATH: '/bin',
    OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://here',
    OTEL_METRIC_EXPORT_INTERVAL: '5000',
  });
  const own = { OTEL_METRIC_EXPORT_INTERVAL: '1000' };
  assert.equal(withReceiver(own, 'http://here').OTEL_METRIC_EXPORT_INTERVAL, '1000');
});

test('only telemetry settings and plug-ins of agents are passed on to them', () => {
  const settings = {
    OVERSOAK_METRICS_RUN_ID: '1',
    OVERSOAK_TRACE_INTERVAL_SECONDS: '2',
    OVERSOAK_SLOW_ECHOES: '0',
    OVERSOAK_PLUGINS: '',
  };
  assert.deepEqual(userAgentSettings({ ...settings, OVERSOAK_SLOTS: '9', PATH: '/bin' }), settings);
});

test('only a JSON object with the key as text counts as the expected line', () => {
  const read = jsonLine('listening');
  assert.equal(read('{"listening":"http://127.0.0.1:1"}'), 'http://127.0.0.1:1');
  assert.equal(read('{"level":30,"msg":"Server listening at x"}'), undefined);
  assert.equal(read('{"listening":7}'), undefined);
  assert.equal(read('"listening"'), undefined);
});
