import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { OFF } from '../src/index.ts';
import { started } from './started.ts';

test('telemetry is off without a receiver, and the SDK is not loaded', async () => {
  const loaded: string[] = [];
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      loaded.push(specifier);
      return next(specifier, context);
    },
  });
  assert.equal(await started({}), OFF);
  assert.equal(loaded.length, 0);

  const on = await started({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_EXPORTER_OTLP_TIMEOUT: '300',
  });
  assert.ok(loaded.includes('@opentelemetry/sdk-node'), 'what the hook would have seen');
  hooks.deregister();
  await on.close();
});

test('disabled telemetry accepts all calls and has no trace', async () => {
  OFF.addSource(() => assert.fail('it is never read'))();
  OFF.record('oversoak.allocation.duration', 1);
  const span = OFF.begin('job.process', { startMs: 0 });
  span.end({ endMs: 1, attributes: {} });
  assert.equal(span.trace, '');
  await OFF.flush();
  await OFF.close();
});
