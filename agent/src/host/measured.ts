import {
  emptyHistogram,
  type FleetFigures,
  type FleetOptions,
  type FleetSnapshot,
  type FleetWindow,
  histogramSince,
  histogramText,
  type OwnFigures,
  ofLatencies,
  type ServerFigures,
  type ServerSnapshot,
  type ServerWindow,
  writeHistogram,
} from '@oversoak/contracts';
import type { FleetHandle, ServerHandle } from '@oversoak/native-server';
import type { RunClock } from './clock.ts';
import type { HostSample, Reading, ReadingsWanted } from './messages.ts';
import type { ProcessAround } from './process-around.ts';
import { fleetWindow, serverWindow } from './windows.ts';

type SampledFigures = Pick<HostSample, 'server' | 'fleet' | 'intervalLatency'>;

/**
 * What a run measures: a server or a fleet. `F`: its cumulative figures; `W`: the figures of a
 * window.
 */
export interface Measured<F, W> {
  /** Prepares the process before figures that are kept are taken. */
  settle(nowMs: number): void;
  /** Cumulative figures at this moment. */
  figures(): F;
  /**
   * Marks the end of a window (at 0: the start of the first) and returns the windows that are
   * complete.
   */
  windowEnds(endSeconds: number): W[];
  /** The windows that are complete only after the end. */
  lastWindows(): W[];
  /** The time that the measurement's counts cover; `between`: seconds between the two readings. */
  measuredSeconds(between: number): number;
  /** `reading` is null when telemetry does not need one. */
  sample(): { sampled: SampledFigures; reading: Reading | null };
  reading(figures: F): Reading | null;
  /** Ends the server or fleet and resolves with its final figures. */
  end(clock: RunClock, signal: AbortSignal): Promise<F>;
}

/** Cumulative figures at a moment of the measurement, which began at second 0. */
interface WindowEdge {
  atSeconds: number;
  figures: ServerFigures;
}

/** A server stops after several consecutive polls without a session. This is the poll interval. */
const EMPTY_POLL_SECONDS = 0.2;
const EMPTY_POLLS = 2;

export class MeasuredServer implements Measured<ServerFigures, ServerWindow> {
  #edge: WindowEdge | undefined;
  readonly #handle: ServerHandle;
  readonly #around: ProcessAround;
  readonly #stopSeconds: number;
  readonly #wanted: ReadingsWanted | null;

  constructor(
    handle: ServerHandle,
    around: ProcessAround,
    stopSeconds: number,
    wanted: ReadingsWanted | null,
  ) {
    this.#handle = handle;
    this.#around = around;
    this.#stopSeconds = stopSeconds;
    this.#wanted = wanted;
  }

  settle(nowMs: number): void {
    this.#around.settle(nowMs);
  }

  figures(): ServerFigures {
    return this.#figures(this.#handle.snapshot());
  }

  windowEnds(endSeconds: number): ServerWindow[] {
    const later = { atSeconds: endSeconds, figures: this.figures() };
    const earlier = this.#edge;
    this.#edge = later;
    if (earlier === undefined) return [];
    const span = { startSeconds: earlier.atSeconds, endSeconds };
    return [serverWindow(span, earlier.figures, later.figures)];
  }

  measuredSeconds(between: number): number {
    return between;
  }

  lastWindows(): ServerWindow[] {
    return [];
  }

  sample() {
    const snapshot = this.#handle.snapshot();
    const { histograms: _, ...server } = snapshot;
    // Histograms are encoded only when telemetry needs them.
    const reading = this.#wanted === null ? null : this.reading(this.#figures(snapshot));
    return { sampled: { server }, reading };
  }

  reading(figures: ServerFigures): Reading | null {
    return this.#wanted === null ? null : { role: 'server', figures };
  }

  // The clocks of two machines differ a little, and under churn a session may be between two
  // connections. One poll without sessions therefore does not prove that the fleets have finished.
  async end(clock: RunClock, signal: AbortSignal): Promise<ServerFigures> {
    let empty = 0;
    while (empty < EMPTY_POLLS && clock.sinceStartSeconds() < this.#stopSeconds) {
      const nextSeconds = clock.sinceStartSeconds() + EMPTY_POLL_SECONDS;
      await clock.until(Math.min(nextSeconds, this.#stopSeconds), signal);
      empty = this.#handle.snapshot().sessions.live === 0 ? empty + 1 : 0;
    }
    return this.#figures(await this.#handle.stop());
  }

  #figures(snapshot: ServerSnapshot): ServerFigures {
    return serverFigures(snapshot, this.#around.own());
  }
}

/** Measurement of a fleet, in seconds since startFleet. */
export type FleetMeasurement = NonNullable<FleetOptions['measurement']>;

export class MeasuredFleet implements Measured<FleetFigures, FleetWindow> {
  readonly #handle: FleetHandle;
  readonly #measurement: FleetMeasurement;
  readonly #wanted: ReadingsWanted | null;
  #sampled: FleetFigures['measured']['latency'];

  constructor(handle: FleetHandle, measurement: FleetMeasurement, wanted: ReadingsWanted | null) {
    this.#handle = handle;
    this.#measurement = measurement;
    this.#wanted = wanted;
    const empty = writeHistogram(emptyHistogram());
    this.#sampled = ofLatencies(() => empty);
  }

  /** Nothing is judged by a fleet's memory. */
  settle(): void {}

  figures(): FleetFigures {
    return fleetFigures(this.#handle.snapshot());
  }

  /**
   * The native fleet keeps its windows itself: a message belongs to the window in which it was due,
   * whenever its echo arrives.
   */
  windowEnds(): FleetWindow[] {
    return [];
  }

  /** The fleet itself ends its measurement on time, however late the host notices. */
  measuredSeconds(): number {
    return this.#measurement.seconds;
  }

  lastWindows(): FleetWindow[] {
    const { windowSeconds } = this.#measurement;
    return this.#handle.takeWindows().map((window, index) => {
      const startSeconds = index * windowSeconds;
      return fleetWindow({ startSeconds, endSeconds: startSeconds + windowSeconds }, window);
    });
  }

  sample() {
    const figures = this.figures();
    const { latency, stages: _, deliveries: __, ...measured } = figures.measured;
    const fleet = { ...figures, measured };
    const before = this.#sampled;
    this.#sampled = latency;
    const intervalLatency = ofLatencies((name) => histogramSince(latency[name], before[name]));
    return { sampled: { fleet, intervalLatency }, reading: this.reading(figures) };
  }

  reading(figures: FleetFigures): Reading | null {
    if (this.#wanted === null) return null;
    const { slowEchoes } = this.#wanted;
    const slowest = slowEchoes === 0 ? [] : this.#handle.takeSlowest().slice(0, slowEchoes);
    return { role: 'fleet', figures, slowEchoes: slowest };
  }

  /**
   * The fleet started slightly after its run's clock, and everything due until its own end still
   * counts.
   */
  async end(clock: RunClock, signal: AbortSignal): Promise<FleetFigures> {
    const { fromSeconds, seconds, drainSeconds } = this.#measurement;
    const leftSeconds = fromSeconds + seconds - this.#handle.snapshot().elapsedSeconds;
    await clock.until(clock.sinceStartSeconds() + leftSeconds, signal);
    return fleetFigures(await this.#handle.stop({ drainSeconds }));
  }
}

export function fleetFigures(snapshot: FleetSnapshot): FleetFigures {
  const { deliveries, ...measured } = snapshot.measured;
  return {
    ...snapshot,
    measured: {
      ...measured,
      latency: ofLatencies((name) => histogramText(measured.latency[name])),
      ...(deliveries === undefined ? {} : { deliveries: deliveryFigures(deliveries) }),
    },
  };
}

type Deliveries = NonNullable<FleetSnapshot['measured']['deliveries']>;

function deliveryFigures({ latency, lastMember, ticks, ...counts }: Deliveries) {
  return {
    ...counts,
    latency: histogramText(latency),
    ...(lastMember === undefined ? {} : { lastMember: histogramText(lastMember) }),
    ...(ticks === undefined ? {} : { ticks: tickFigures(ticks) }),
  };
}

function tickFigures({ latency, ...counts }: NonNullable<Deliveries['ticks']>) {
  return { ...counts, ...(latency === undefined ? {} : { latency: histogramText(latency) }) };
}

export function serverFigures(snapshot: ServerSnapshot, own: OwnFigures): ServerFigures {
  const { lockWait, moveLatency, queueWait, tickLateness } = snapshot.histograms;
  return {
    ...snapshot,
    own,
    histograms: {
      lockWait: histogramText(lockWait),
      moveLatency: histogramText(moveLatency),
      queueWait: Object.fromEntries(
        Object.entries(queueWait).map(([content, waited]) => [content, histogramText(waited)]),
      ),
      ...(tickLateness === undefined ? {} : { tickLateness: histogramText(tickLateness) }),
    },
  };
}
