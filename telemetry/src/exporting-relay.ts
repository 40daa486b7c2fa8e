// It sends as an exporter of OpenTelemetry does: headers, certificates and repetitions are those of
// the process's own telemetry. It is loaded only if a receiver is configured.
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import { BOUNDS, type Signal } from '@oversoak/contracts';
import type { Passed, Relay } from './relay.ts';

/** Half of what an exporter waits by default, so that the sender still hears of a failure. */
const TIMEOUT_MS = 5_000;
const PROTOBUF = { 'Content-Type': 'application/x-protobuf' };
/** What is passed on is not decoded; of the answer only the status counts. */
const AS_IT_IS = {
  serializeRequest: (body: Uint8Array) => body,
  deserializeResponse: () => ({}),
};

function exporterOf(signal: Signal) {
  const item = signal === 'traces' ? ('span' as const) : ('metric_data_point' as const);
  const options = { concurrencyLimit: BOUNDS.telemetry.ofAll, timeoutMillis: TIMEOUT_MS };
  return createOtlpHttpExportDelegate<Uint8Array, object>(
    convertLegacyHttpOptions(options, signal.toUpperCase(), `v1/${signal}`, PROTOBUF),
    AS_IT_IS,
    'otlp_http_relay',
    // The exporter's own metrics are off.
    { name: item, countItems: () => 1 },
    undefined,
  );
}

function passedOf({ code, error }: ExportResult): Passed {
  if (code === ExportResultCode.SUCCESS) return { delivered: true };
  // Errors of the network have codes that are words.
  const { code: status } = (error ?? {}) as { code?: unknown };
  return { delivered: false, code: typeof status === 'number' ? status : undefined };
}

export function exportingRelay(signals: readonly Signal[]): Relay {
  const exporters = new Map(signals.map((signal) => [signal, exporterOf(signal)] as const));
  return {
    signals,
    pass: (signal, body) =>
      new Promise((resolve) => {
        const exporter = exporters.get(signal);
        if (exporter === undefined) resolve({ delivered: false, code: undefined });
        else exporter.export(body, (result) => resolve(passedOf(result)));
      }),
  };
}
