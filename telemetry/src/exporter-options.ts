import { getCACertificates } from 'node:tls';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import type { OTLPExporterNodeConfigBase } from '@opentelemetry/otlp-exporter-base/node-http';
import type { Signal } from '@oversoak/contracts';
import type { GivenReceiver } from './telemetry.ts';

/** Pure: what an exporter is told beyond the variables, which name the receiver where none is given. */
export function exporterOptions(
  signal: Signal,
  receiver: GivenReceiver | null,
): OTLPExporterNodeConfigBase {
  if (receiver === null) return {};
  const { url, token, ca } = receiver;
  return {
    url: new URL(`v1/${signal}`, url).href,
    headers: { authorization: `Bearer ${token}` },
    // A control plane measures what it passes on, so it takes nothing that would have to be inflated.
    compression: CompressionAlgorithm.NONE,
    ...(ca !== undefined && {
      httpAgentOptions: { keepAlive: true, ca: [...getCACertificates('default'), ca] },
    }),
  };
}
