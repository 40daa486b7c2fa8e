import type { Assign, FleetFigures, Report, ServerFigures, SlowEcho } from '@oversoak/contracts';
import type { Attributes, MetricPoint, OpenSpan, Telemetry } from '@oversoak/telemetry';
import type { Reading, ReadingMoment, ReadingsWanted } from '../host/messages.ts';
import { messageOf } from '../log/log.ts';
import type { RedisClock } from '../redis/redis-clock.ts';
import { fleetPoints } from './fleet-points.ts';
import { intervalAttributes } from './interval.ts';
import { partAttributes, type Whose } from './part-attributes.ts';
import type { ReportSpans } from './report-spans.ts';
import { serverPoints } from './server-points.ts';
import { slowestOf, traceSlowEcho } from './slow-echo.ts';
import type { Watched } from './watched.ts';

export interface TelemetrySettings {
  metricsRunId: boolean;
  traceIntervalMs: number;
  slowEchoes: number;
}

/** What the parts of an agent share. */
export interface PartContext extends Whose {
  telemetry: Telemetry;
  settings: TelemetrySettings;
  clock: Pick<RedisClock, 'nowMs' | 'toRedisMs'>;
  reportSpans: ReportSpans;
}

/** A timer takes the readings; one that fires a little early still ends an interval. */
const EARLY_MS = 250;

/** Maximum flushes at the end, if the receiver is slow. */
const MAX_FLUSHES = 3;

interface TakenReading {
  atMs: number;
  reading: Reading;
}

/**
 * The telemetry of one part: the trace of its preparation, a trace per interval with its slowest
 * echoes, and metrics from the first reading to the end.
 */
export class PartTelemetry {
  readonly #context: PartContext;
  readonly #attributes: Attributes;
  /** Trace context of the launch; later traces are separate and link to it. */
  readonly #launch: string | undefined;
  readonly #prepare: OpenSpan;
  #prepared = false;
  #startMs = 0;
  /** Share of the run's time that this part counts. */
  readonly #share: number;
  #measuring = false;
  /** Up to the last reading, as are the figures. */
  readonly #seconds = { measured: 0, all: 0 };
  #server: Watched<ServerFigures> | null = null;
  #fleet: Watched<FleetFigures> | null = null;
  #lastCollected: ServerFigures | null = null;
  #first: Reading | null = null;
  #intervalStart: TakenReading | null = null;
  #last: TakenReading | null = null;
  #slow: SlowEcho[] = [];
  #removeSource: () => void = () => {};
  /**
   * Which collections of metrics have happened, so that a short run exports both its first and its
   * last values.
   */
  #collected: 'never' | 'begun' | 'ended' = 'never';
  #ended = false;

  /** `trace`: the trace context of the job that carried the assignment. */
  constructor(context: PartContext, assign: Assign, trace: string | undefined) {
    this.#context = context;
    this.#attributes = partAttributes(assign, context);
    this.#launch = trace;
    const { about, part } = assign;
    this.#share = part.role === 'server' ? 1 : part.options.sessions / about.sessions;
    const { telemetry, clock } = context;
    this.#prepare = telemetry.begin('part.prepare', { startMs: clock.nowMs(), parent: trace });
  }

  get readings(): ReadingsWanted | null {
    const { telemetry, settings } = this.#context;
    return telemetry.on ? { slowEchoes: settings.slowEchoes } : null;
  }

  prepared(): void {
    this.#endPrepare();
  }

  read(moment: ReadingMoment, atMachineMs: number, reading: Reading): void {
    const taken = { atMs: this.#context.clock.toRedisMs(atMachineMs), reading };
    this.#watch(moment, reading);
    this.#countTime(moment, taken.atMs);
    if (reading.role === 'fleet') this.#slow.push(...reading.slowEchoes);
    this.#last = taken;
    if (this.#intervalStart === null) {
      this.#begin(taken);
      return;
    }
    const { traceIntervalMs } = this.#context.settings;
    const isOver = taken.atMs - this.#intervalStart.atMs >= traceIntervalMs - EARLY_MS;
    if (isOver || moment === 'end') this.#endInterval(this.#intervalStart, taken);
  }

  /** Adds a trace to the report: until the start that of the launch, then a separate one. */
  report(report: Report): Report {
    const { telemetry, reportSpans } = this.#context;
    if (!telemetry.on) return report;
    const launched = this.#last === null || report.kind === 'started';
    const origin = launched
      ? { parent: this.#launch }
      : { links: this.#launch === undefined ? [] : [this.#launch] };
    return reportSpans.begin(report, this.#attributes, origin);
  }

  /** Ends the part's telemetry. `failed`: why the part ended early. */
  end(failed?: string): void {
    this.#endPrepare(failed);
    if (this.#intervalStart !== null && this.#last !== null) {
      const leftMs = this.#last.atMs - this.#intervalStart.atMs;
      if (leftMs > 0) this.#endInterval(this.#intervalStart, this.#last);
    }
    this.#ended = true;
    void this.#traceEnd();
  }

  /** Keeps the part's series until the final figures have been collected. */
  async #traceEnd(): Promise<void> {
    if (this.#first === null) return;
    // A flush that joins a pending one may export a collection from before the end.
    for (let flushes = 0; flushes < MAX_FLUSHES && this.#collected !== 'ended'; flushes += 1) {
      await this.#context.telemetry.flush();
    }
    this.#removeSource();
    // The part object outlives its telemetry; release the histograms.
    this.#server = this.#fleet = this.#lastCollected = this.#first = null;
    this.#intervalStart = this.#last = null;
  }

  #endPrepare(failed?: string): void {
    if (this.#prepared) return;
    this.#prepared = true;
    const endMs = this.#context.clock.nowMs();
    this.#prepare.end({
      endMs,
      attributes: this.#attributes,
      ...(failed === undefined ? {} : { failed }),
    });
  }

  /** From here on the part has series; a collection now exports zeros. */
  #begin(taken: TakenReading): void {
    const { telemetry } = this.#context;
    this.#first = taken.reading;
    this.#intervalStart = taken;
    this.#startMs = taken.atMs;
    this.#removeSource = telemetry.addSource(() => this.#points());
    void telemetry.flush();
  }

  #watch(moment: ReadingMoment, reading: Reading): void {
    if (reading.role === 'server') {
      this.#server = watch(this.#server, moment, reading.figures);
      this.#lastCollected ??= reading.figures;
    } else {
      this.#fleet = watch(this.#fleet, moment, reading.figures);
    }
  }

  /** Never counts back, even if the clock does: Prometheus would read that as a restart. */
  #countTime(moment: ReadingMoment, atMs: number): void {
    const passedMs = Math.max(0, atMs - (this.#last?.atMs ?? atMs));
    const seconds = (this.#share * passedMs) / 1000;
    this.#seconds.all += seconds;
    if (this.#measuring) this.#seconds.measured += seconds;
    if (moment === 'measureStart') this.#measuring = true;
    if (moment === 'measureEnd') this.#measuring = false;
  }

  #points(): MetricPoint[] {
    const { metricsRunId } = this.#context.settings;
    const { 'oversoak.run.id': runId, ...common } = this.#attributes;
    const attributes = metricsRunId ? this.#attributes : common;
    // The first collection always exports the values at the start: an increase becomes visible only
    // from a series' second point on.
    const first = this.#collected === 'never' ? this.#first : null;
    const seconds = first === null ? this.#seconds : { measured: 0, all: 0 };
    const base = { attributes, startMs: this.#startMs, seconds };
    this.#collected = this.#ended && first === null ? 'ended' : 'begun';
    if (this.#fleet !== null) {
      return fleetPoints(first?.role === 'fleet' ? begun(first.figures) : this.#fleet, base);
    }
    if (this.#server === null || this.#lastCollected === null) return [];
    const server = first?.role === 'server' ? begun(first.figures) : this.#server;
    const points = serverPoints(server, this.#lastCollected, base);
    this.#lastCollected = server.latest;
    return points;
  }

  /** A host whose counters run backwards ends its own run; the agent logs that and continues. */
  #traceInterval(start: TakenReading, end: TakenReading, seconds: number) {
    try {
      const own = intervalAttributes(end.reading, start.reading, seconds);
      return { attributes: { ...this.#attributes, ...own } };
    } catch (error) {
      return { attributes: this.#attributes, failed: messageOf(error) };
    }
  }

  #endInterval(start: TakenReading, end: TakenReading): void {
    const { telemetry, settings, clock } = this.#context;
    this.#intervalStart = end;
    const slowest = slowestOf(this.#slow, settings.slowEchoes);
    this.#slow = [];
    const seconds = (end.atMs - start.atMs) / 1000;
    const span = telemetry.begin('part.interval', {
      startMs: start.atMs,
      links: this.#launch === undefined ? [] : [this.#launch],
    });
    span.end({ endMs: end.atMs, ...this.#traceInterval(start, end, seconds) });
    for (const echo of slowest) {
      traceSlowEcho(telemetry, echo, {
        intendedMs: clock.toRedisMs(echo.intendedMachineMs),
        interval: span.trace,
        part: this.#attributes,
      });
    }
  }
}

function begun<F extends FleetFigures | ServerFigures>(latest: F): Watched<F> {
  return { latest, measureStart: null, measureEnd: null };
}

function watch<F extends FleetFigures | ServerFigures>(
  before: Watched<F> | null,
  moment: ReadingMoment,
  latest: F,
): Watched<F> {
  const { measureStart, measureEnd } = before ?? begun(latest);
  return {
    latest,
    measureStart: moment === 'measureStart' ? latest : measureStart,
    measureEnd: moment === 'measureEnd' ? latest : measureEnd,
  };
}
