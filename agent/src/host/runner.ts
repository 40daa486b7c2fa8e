import {
  allowsTarget,
  type Endpoint,
  type ErrorEvidence,
  endpointText,
  type NativeErrorEvidence,
} from '@oversoak/contracts';
import type { FleetHandle, ServerHandle } from '@oversoak/native-server';
import { preparedPlugin } from './allowed-plugin.ts';
import { type HostClock, RunClock } from './clock.ts';
import type { Engine } from './engine.ts';
import type { Javascript } from './javascript.ts';
import { type FleetMeasurement, type Measured, MeasuredFleet, MeasuredServer } from './measured.ts';
import type {
  FromHost,
  HostResult,
  PartWindow,
  Reading,
  ReadingMoment,
  ToHost,
} from './messages.ts';
import { ProcessAround } from './process-around.ts';
import { type Resolve, targetAddress } from './target-address.ts';
import { momentsOf, phaseAt, type Timeline, timelineOf } from './timeline.ts';

/** A part that starts later than this would have its phases shifted against those of its gang. */
const LATEST_START_SECONDS = 2;

/** So much of its measurement a fleet may begin later than its gang, if its warm-up is too short. */
const MAX_SHIFT_SHARE = 0.05;
/** But always so much: less than the warm-up of most soaks, more than a busy machine takes. */
const MIN_SHIFT_SECONDS = 0.5;

/** The payload of the `prepare` message. */
type Prepare = Omit<Extract<ToHost, { kind: 'prepare' }>, 'kind' | 'engine'>;
type Emit = (message: FromHost & { kind: 'started' | 'sample' | 'reading' | 'window' }) => void;

/** The process that the runner is in. */
export interface Surroundings {
  clock: HostClock;
  javascript: Javascript;
  resolve: Resolve;
}

interface Span<F> {
  measuredSeconds: number;
  figures: { measureStart: F; measureEnd: F; final: F };
  series: { windowSeconds: number };
}

/** Cumulative figures at a moment of the measurement, which began at second 0. */
interface Taken<F> {
  atSeconds: number;
  figures: F;
}

/** One part of a run inside the host process: it is prepared, runs (or is stopped) and ends. */
export class Runner {
  readonly #engine: Engine;
  readonly #prepare: Prepare;
  readonly #timeline: Timeline;
  readonly #clock: HostClock;
  readonly #javascript: Javascript;
  readonly #resolve: Resolve;
  readonly #emit: Emit;
  readonly #stopping = new AbortController();
  #server: { handle: ServerHandle; around: ProcessAround } | undefined;
  #fleet: FleetHandle | undefined;
  /** Of the target; null: the start names the server of the gang. */
  #targetAddress: string | null = null;
  /** Of a fleet that speaks a plug-in's protocol. */
  #plugin: { pluginPath?: string } = {};

  constructor(
    engine: Engine,
    prepare: Prepare,
    { clock, javascript, resolve }: Surroundings,
    emit: Emit,
  ) {
    this.#engine = engine;
    this.#prepare = prepare;
    this.#timeline = timelineOf(prepare.phases);
    this.#clock = clock;
    this.#javascript = javascript;
    this.#resolve = resolve;
    this.#emit = emit;
  }

  /**
   * Starts a server's listener and returns its port. A fleet checks that its engine works, resolves
   * the name of its target, loads its plug-in, and returns null.
   */
  async prepare(): Promise<number | null> {
    const { part, targets, plugins } = this.#prepare;
    if (part.role === 'server') {
      const nowMs = this.#clock.monotonicMs();
      const around = new ProcessAround(this.#javascript, this.#engine, nowMs);
      const handle = this.#engine.startServer(part.options);
      this.#server = { handle, around };
      return handle.port;
    }
    this.#engine.capabilities();
    if (part.target !== undefined) {
      this.#targetAddress = await targetAddress(part.target, targets, this.#resolve);
    }
    this.#plugin = preparedPlugin(this.#engine, part, plugins);
    return null;
  }

  /** @throws AbortError after `stop` was called */
  async run(startAtMachineMs: number, endpoint: Endpoint): Promise<HostResult> {
    const { part, readings } = this.#prepare;
    refuseOtherServer(this.#prepare, endpoint);
    const clock = new RunClock(this.#clock, startAtMachineMs);
    await clock.until(0, this.#stopping.signal);
    // Only now: the process may have been stopped meanwhile.
    this.#refuseLate(clock);
    if (part.role === 'server') {
      if (this.#server === undefined) throw new Error('run before prepare');
      this.#emit({ kind: 'started' });
      const { handle, around } = this.#server;
      const { serverStopSeconds } = this.#timeline;
      const server = new MeasuredServer(handle, around, serverStopSeconds, readings);
      const span = await this.#measure(server, clock);
      return { role: 'server', ...span, ...kept(handle.firstErrors(), clock) };
    }
    const measurement = this.#measurementOf(clock);
    const { port } = endpoint;
    const server = { host: this.#targetAddress ?? endpoint.host, port };
    this.#fleet = this.#engine.startFleet({
      ...part.options,
      ...this.#plugin,
      ...server,
      measurement,
    });
    this.#emit({ kind: 'started' });
    const fleet = new MeasuredFleet(this.#fleet, measurement, readings);
    const span = await this.#measure(fleet, clock);
    const resolved = server.host === endpoint.host ? {} : { targetAddress: server.host };
    return {
      role: 'fleet',
      ...span,
      ...resolved,
      ...kept(this.#fleet.firstErrors(), clock, endpointText(server)),
    };
  }

  #refuseLate(clock: RunClock): void {
    const lateSeconds = clock.sinceStartSeconds();
    // A start after the end of the measurement would measure nothing.
    const { measureEndSeconds } = this.#timeline;
    if (lateSeconds > Math.min(LATEST_START_SECONDS, measureEndSeconds)) throw tooLate(lateSeconds);
  }

  /**
   * Of a fleet that starts now: its measurement begins with that of its gang, however late it is
   * itself, as far as its warm-up has the time.
   */
  #measurementOf(clock: RunClock): FleetMeasurement {
    const { warmUpSeconds, measureSeconds, drainSeconds } = this.#prepare.phases;
    const { measureStartSeconds, windowSeconds } = this.#timeline;
    const lateSeconds = Math.max(0, clock.sinceStartSeconds());
    const caughtUpSeconds = Math.min(lateSeconds, warmUpSeconds);
    const maxShift = Math.max(MIN_SHIFT_SECONDS, MAX_SHIFT_SHARE * measureSeconds);
    if (lateSeconds - caughtUpSeconds > maxShift) throw tooLate(lateSeconds);
    const fromSeconds = measureStartSeconds - caughtUpSeconds;
    return { fromSeconds, seconds: measureSeconds, windowSeconds, drainSeconds };
  }

  /** Ends the part in an orderly way without draining; `run` rejects. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#server?.handle.stop(), this.#fleet?.stop({ drainSeconds: 0 })]);
  }

  async #measure<F, W extends PartWindow>(
    measured: Measured<F, W>,
    clock: RunClock,
  ): Promise<Span<F>> {
    const { signal } = this.#stopping;
    const { measureStartSeconds, windowSeconds } = this.#timeline;
    const take = (moment: ReadingMoment): Taken<F> => {
      measured.settle(clock.nowMs());
      const taken = { atSeconds: clock.sinceStartSeconds(), figures: measured.figures() };
      this.#read(moment, measured.reading(taken.figures), clock);
      return taken;
    };
    if (this.#prepare.readings !== null) take('start');
    let measureStart: Taken<F> | undefined;
    let measureEnd: Taken<F> | undefined;
    for (const { what, atSeconds } of momentsOf(this.#timeline)) {
      await clock.until(atSeconds, signal);
      if (what === 'sample') this.#sample(measured, clock, atSeconds);
      else if (what === 'measureEnd') measureEnd = take('measureEnd');
      else if (what === 'measureStart') {
        measureStart = take('measureStart');
        measured.windowEnds(0);
      } else if (!passed(atSeconds + windowSeconds, clock)) {
        measured.settle(clock.nowMs());
        this.#emitWindows(measured.windowEnds(atSeconds - measureStartSeconds));
      }
    }
    const final = await this.#end(measured, clock);
    this.#emitWindows(measured.lastWindows());
    this.#read('end', measured.reading(final), clock);
    if (measureStart === undefined || measureEnd === undefined) {
      throw new Error('the timeline has no measurement');
    }
    return {
      measuredSeconds: measured.measuredSeconds(measureEnd.atSeconds - measureStart.atSeconds),
      figures: { measureStart: measureStart.figures, measureEnd: measureEnd.figures, final },
      series: { windowSeconds },
    };
  }

  #emitWindows(windows: readonly PartWindow[]): void {
    for (const window of windows) this.#emit({ kind: 'window', window });
  }

  /** Keeps sampling during the drain. */
  async #end<F>(measured: Measured<F, unknown>, clock: RunClock): Promise<F> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, over.signal]);
    const ended = measured.end(clock, this.#stopping.signal).finally(() => over.abort());
    const sampling = this.#sampleUntil(measured, clock, signal);
    const [final] = await Promise.all([ended, sampling]);
    return final;
  }

  async #sampleUntil<F>(measured: Measured<F, unknown>, clock: RunClock, signal: AbortSignal) {
    while (!signal.aborted) {
      const second = Math.floor(clock.sinceStartSeconds()) + 1;
      try {
        await clock.until(second, signal);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      this.#sample(measured, clock, second);
    }
  }

  #read(moment: ReadingMoment, reading: Reading | null, clock: RunClock): void {
    if (reading === null) return;
    this.#emit({ kind: 'reading', moment, atMachineMs: clock.nowMs(), reading });
  }

  /**
   * Skips a boundary that the process slept through (frozen, overloaded): it has no figures of its
   * own.
   */
  #sample<F>(measured: Measured<F, unknown>, clock: RunClock, dueSeconds: number): void {
    const sinceStartSeconds = clock.sinceStartSeconds();
    if (sinceStartSeconds >= dueSeconds + 1) return;
    const { sampled, reading } = measured.sample();
    this.#read('second', reading, clock);
    this.#emit({
      kind: 'sample',
      sample: {
        atMachineMs: clock.nowMs(),
        phase: phaseAt(dueSeconds, this.#timeline),
        sinceStartSeconds,
        ...sampled,
      },
    });
  }
}

/** A part's first errors as its result has them. `peer`: of a fleet, the one of all sessions. */
function kept(
  errors: readonly NativeErrorEvidence[],
  clock: RunClock,
  peer?: string,
): { firstErrors?: ErrorEvidence[] } {
  if (errors.length === 0) return {};
  const firstErrors = errors.map(({ atMachineMs, ...known }) => ({
    ...(peer === undefined ? {} : { peer }),
    ...known,
    sinceStartSeconds: clock.secondsAt(atMachineMs),
  }));
  return { firstErrors };
}

/** Whether a window's end passed while the process slept. Its messages count in the next window. */
function passed(sinceStartSeconds: number, clock: RunClock): boolean {
  return clock.sinceStartSeconds() >= sinceStartSeconds;
}

/**
 * Checks the server that a start names against what the machine's owner allowed: the target that was
 * assigned, or else the peers. The sender of jobs cannot aim the fleet at anything else.
 */
function refuseOtherServer({ part, peers }: Prepare, endpoint: Endpoint): void {
  if (part.role === 'server') return;
  const named = endpointText(endpoint);
  if (part.target === undefined) {
    if (allowsTarget(peers, endpoint)) return;
    const allowed = peers.join(', ') || 'none';
    throw new Error(`${named} is not a server that OVERSOAK_PEERS allows: ${allowed}`);
  }
  const assigned = endpointText(part.target);
  if (named === assigned) return;
  throw new Error(`the start names ${named}, but the assigned target is ${assigned}`);
}

const tooLate = (seconds: number) =>
  new Error(`the start came ${seconds.toFixed(1)} s after the time it was set for`);
