import { getCACertificates } from 'node:tls';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import type { OTLPExporterNodeConfigBase } from '@opentelemetry/otlp-exporter-base/node-http';
import { AggregationTemporality, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Signal } from '@oversoak/contracts';
import type { GivenReceiver } from './telemetry.ts';

/** Minimum time between two warnings, for a receiver that keeps coming and going. */
const SILENCE_MS = 60_000;
/** Maximum number of concurrent exports. Together with the export timeout it bounds what hangs. */
const CONCURRENCY = 8;

type Done = (result: ExportResult) => void;

/** Counts what could not be delivered, and warns when a failure begins. */
export class Delivery {
  /** Number of dropped spans and metric exports. */
  dropped = 0;
  readonly #warn: (text: string) => void;
  readonly #failing = new Set<string>();
  #warnedAtMs = Number.NEGATIVE_INFINITY;

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  drop(what: string, items: number, reason: string): void {
    this.dropped += items;
    const begins = !this.#failing.has(what);
    this.#failing.add(what);
    if (!begins || performance.now() - this.#warnedAtMs < SILENCE_MS) return;
    this.#warnedAtMs = performance.now();
    this.#warn(`${what} cannot be delivered and are dropped until delivery works again: ${reason}`);
  }

  settle(what: string, items: number, { code, error }: ExportResult): void {
    if (code === ExportResultCode.SUCCESS) this.#failing.delete(what);
    else this.drop(what, items, error?.message || 'the receiver did not accept them');
  }
}

/** What an exporter is told beyond the variables, which name the receiver where none is given. */
function optionsOf(signal: Signal, receiver: GivenReceiver | null): OTLPExporterNodeConfigBase {
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

export class CountedTraceExporter extends OTLPTraceExporter {
  /** Number of spans that have left the queue in front of this exporter. */
  taken = 0;
  readonly #delivery: Delivery;

  constructor(delivery: Delivery, receiver: GivenReceiver | null = null) {
    super({ ...optionsOf('traces', receiver), concurrencyLimit: CONCURRENCY });
    this.#delivery = delivery;
  }

  override export(spans: ReadableSpan[], done: Done): void {
    this.taken += spans.length;
    super.export(spans, (result) => {
      this.#delivery.settle('spans', spans.length, result);
      done(result);
    });
  }
}

export class CountedMetricExporter extends OTLPMetricExporter {
  readonly #delivery: Delivery;

  constructor(delivery: Delivery, receiver: GivenReceiver | null = null) {
    super({
      ...optionsOf('metrics', receiver),
      concurrencyLimit: CONCURRENCY,
      temporalityPreference: AggregationTemporality.CUMULATIVE,
    });
    this.#delivery = delivery;
  }

  override export(metrics: ResourceMetrics, done: Done): void {
    super.export(metrics, (result) => {
      this.#delivery.settle('metrics', 1, result);
      done(result);
    });
  }
}
