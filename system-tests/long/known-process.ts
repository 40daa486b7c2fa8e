import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { OFF, type Telemetry, type TelemetryOptions } from '@oversoak/telemetry';
import { CountedMetricExporter, Delivery } from '@oversoak/telemetry/delivery';
import { Sources } from '@oversoak/telemetry/sources';

let started = 0;

/** The metrics of one process, which exports on request, with a given time. */
export class KnownProcess {
  readonly telemetry: Telemetry;
  /** `service.instance.id`. */
  readonly instance: string;
  readonly #reader: PeriodicExportingMetricReader;
  readonly #provider: MeterProvider;
  #pending: Promise<void> = Promise.resolve();

  constructor(url: string, name: TelemetryOptions['name'], nowMs: () => number) {
    process.env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT = url;
    started += 1;
    this.instance = `${name}-${started}`;
    const delivery = new Delivery((text) => {
      throw new Error(text);
    });
    const sources = new Sources({ name, version: '0' }, nowMs, delivery);
    this.#reader = new PeriodicExportingMetricReader({
      exporter: new CountedMetricExporter(delivery),
      // Never by itself: the time is made up.
      exportIntervalMillis: 2 ** 31 - 1,
      exportTimeoutMillis: 30_000,
      metricProducers: [sources],
    });
    this.#provider = new MeterProvider({
      readers: [this.#reader],
      resource: resourceFromAttributes({
        'service.name': name,
        'service.instance.id': this.instance,
      }),
    });
    const flush = () => this.flush();
    this.telemetry = { ...OFF, on: true, addSource: (source) => sources.add(source), flush };
  }

  flush(): Promise<void> {
    this.#pending = this.#pending.then(() => this.#reader.forceFlush());
    return this.#pending;
  }

  async close(): Promise<void> {
    await this.#pending;
    await this.#provider.shutdown();
  }
}
