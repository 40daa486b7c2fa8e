import assert from 'node:assert/strict';
import { test } from 'node:test';
import { telemetryReceiver } from '../../src/identity/telemetry-receiver.ts';

const telemetry = {
  url: 'https://10.0.0.5:7700/v1/otlp/',
  token: 'ost_win-1_secret',
  signals: ['traces' as const],
};

test('an identity says where telemetry goes, or that it goes nowhere', () => {
  assert.deepEqual(telemetryReceiver({ telemetry }, 'the authority', []), {
    ...telemetry,
    ca: 'the authority',
  });
  assert.equal(telemetryReceiver({}, 'the authority', []), undefined);
});

test('its token leaves the machine encrypted, unless the settings allow it by name', () => {
  const plain = { telemetry: { ...telemetry, url: 'http://10.0.0.5:7700/v1/otlp/' } };
  assert.throws(
    () => telemetryReceiver(plain, undefined, ['redis']),
    /^SettingsError: http:.* would be sent the token unencrypted: use an https:.*PLAINTEXT=api/,
  );
  assert.equal(telemetryReceiver(plain, undefined, ['api'])?.url, plain.telemetry.url);
  const here = { telemetry: { ...telemetry, url: 'http://127.0.0.1:7700/v1/otlp/' } };
  assert.equal(telemetryReceiver(here, undefined, [])?.url, here.telemetry.url);
});
