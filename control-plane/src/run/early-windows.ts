import {
  addLoads,
  countsSince,
  emptyLoad,
  type HistogramText,
  type Load,
  loadSince,
  mergeHistograms,
  type Sample,
  unsentOf,
  writeHistogram,
} from '@oversoak/contracts';
import { behindOthers } from '../judge/behind-others.ts';
import { allOf } from '../judge/disturbed.ts';
import { addedUp, type Histogram, NO_ERRORS } from '../judge/figures.ts';
import type { Lateness } from '../judge/fleet-delay.ts';
import type { Stretch } from '../judge/windows.ts';
import { type Member, memberKey } from '../model/run-record.ts';

/** A sample within this distance of a boundary closes the window that ends there. */
const BEFORE_SECONDS = 0.5;
const AFTER_SECONDS = 0.75;
/** What was due so shortly before the end of a window may be sent behind it. */
const IN_TIME_SECONDS = 0.1;

/** A single one may be in flight at the start of a window, and another at its end. */
const MIN_WAITING = 2;

/** Figures of one member: cumulative, or of one window. */
interface Counts {
  load: Load;
  errors: Record<string, number>;
  busySeconds: number;
  /** Sessions that read slowly on purpose keep messages waiting. */
  waitsOnPurpose: boolean;
  /** Messages in flight at its start as well as at its end. */
  inFlight: number;
}

const NOTHING: Counts = {
  load: emptyLoad(),
  errors: {},
  busySeconds: 0,
  waitsOnPurpose: false,
  inFlight: 0,
};

/** What a member reports of a window. */
interface Part {
  counts: Counts;
  intended: readonly HistogramText[];
}

/** Latencies of the measurement so far. */
interface Latencies {
  intended: readonly HistogramText[];
  actual: readonly HistogramText[];
  sendLag: readonly HistogramText[];
}

interface Progress {
  /** Number of window boundaries passed; 0: the start of the measurement; -1: before it. */
  edge: number;
  /** Cumulative figures at that boundary; null: no sample was close enough to it. */
  atEdge: Counts | null;
  /** Latencies since that boundary. */
  intended: readonly HistogramText[];
  measured: Latencies;
}

/** A window that every member of the gang has reported. */
export interface ClosedWindow extends Omit<Stretch, 'latency' | 'busyPercent'> {
  latency: Histogram;
  lateness: Lateness;
}

/**
 * Builds the windows of a measurement from samples as they arrive. Samples are a second apart, so a
 * boundary is accurate to a second. A window without a sample at its boundary (the agent stalled,
 * samples were lost) is skipped; the judge evaluates it after the run.
 */
export class EarlyWindows {
  readonly #everySeconds: number;
  readonly #startSeconds: number;
  readonly #windows: number;
  readonly #members: Map<string, Progress>;
  /** By window number, then by member; null: the member has no figures. */
  readonly #reported = new Map<number, Map<string, Part | null>>();

  /** `startSeconds`: of the measurement, since the start of the run. */
  constructor(
    gang: readonly Member[],
    everySeconds: number,
    startSeconds: number,
    measureSeconds: number,
  ) {
    this.#everySeconds = everySeconds;
    this.#startSeconds = startSeconds;
    this.#windows = Math.floor(measureSeconds / everySeconds);
    // No sample arrives at the start of the run itself, where every count is 0.
    const begun = startSeconds <= BEFORE_SECONDS;
    const progress = () => ({
      edge: begun ? 0 : -1,
      atEdge: begun ? NOTHING : null,
      intended: [],
      measured: { intended: [], actual: [], sendLag: [] },
    });
    this.#members = new Map(gang.map((member) => [memberKey(member), progress()]));
  }

  /**
   * The window that this sample closed, if its member is the last of the gang to report it; else
   * null. Throws Error if a counter decreased.
   */
  take(sample: Sample): ClosedWindow | null {
    const key = memberKey(sample);
    const progress = this.#members.get(key);
    if (progress === undefined) return null;
    const { intervalLatency } = sample;
    if (progress.edge >= 0 && intervalLatency !== undefined) {
      progress.intended = withOne(progress.intended, intervalLatency.intended);
      progress.measured = withLatencies(progress.measured, intervalLatency);
    }
    const atSeconds = sample.sinceStartSeconds - this.#startSeconds;
    const edge = Math.floor((atSeconds + BEFORE_SECONDS) / this.#everySeconds);
    if (edge <= progress.edge || edge < 0) return null;
    const near = atSeconds - edge * this.#everySeconds <= AFTER_SECONDS;
    const counts = countsOf(sample);
    const { atEdge, intended } = progress;
    const reports = near && atEdge !== null && edge === progress.edge + 1;
    const part = reports ? { counts: since(counts, atEdge, this.#everySeconds), intended } : null;
    progress.edge = edge;
    progress.atEdge = near ? counts : null;
    progress.intended = [];
    return edge === 0 || edge > this.#windows ? null : this.#report(edge - 1, key, part);
  }

  #report(window: number, key: string, part: Part | null): ClosedWindow | null {
    const parts = this.#reported.get(window) ?? new Map<string, Part | null>();
    this.#reported.set(window, parts.set(key, part));
    if (parts.size < this.#members.size) return null;
    for (const older of this.#reported.keys()) if (older <= window) this.#reported.delete(older);
    const known = [...parts.values()].filter((each) => each !== null);
    if (known.length < parts.size) return null;
    const busySeconds = Math.max(...known.map(({ counts }) => counts.busySeconds));
    const load = addLoads(known.map(({ counts }) => counts.load));
    const inFlight = known.reduce((sum, { counts }) => sum + counts.inFlight, 0);
    return {
      startSeconds: window * this.#everySeconds,
      endSeconds: (window + 1) * this.#everySeconds,
      load,
      behindOthers: behindOthers(known.map(({ counts }) => counts.load)),
      // Fleets and servers count different classes; a window includes both.
      errors: { ...NO_ERRORS, ...addedUp(known.map(({ counts }) => counts.errors)) },
      latency: mergeHistograms(known.flatMap(({ intended }) => intended)),
      lateness: {
        busyPercent: (100 * busySeconds) / this.#everySeconds,
        ...this.#latenessSoFar(load.echoed, inFlight),
      },
    };
  }

  /**
   * Sessions near what they can send make up for an earlier lateness of the fleet until now. What does
   * not come back is in no latency yet: of the messages that were in flight in the last window, those
   * beyond what its echoes account for (Little's law) have waited for all of it.
   */
  #latenessSoFar(echoed: number, inFlight: number): Omit<Lateness, 'busyPercent'> {
    const measured = [...this.#members.values()].map((member) => member.measured);
    const merged = (name: keyof Latencies) =>
      mergeHistograms(measured.flatMap((latencies) => latencies[name]));
    const { totalCount: messages } = merged('intended');
    const actual = merged('actual');
    const windowNs = this.#everySeconds * 1e9;
    const waiting = Math.round(inFlight - (echoed * (actual.mean || 0)) / windowNs);
    if (waiting >= MIN_WAITING) actual.add(allOf(waiting, windowNs));
    return { sendLag: merged('sendLag'), actual, messages };
  }
}

/** A measurement may last for hours, with a histogram for each of its seconds. */
const MAX_TEXTS = 60;

function withOne(texts: readonly HistogramText[], text: HistogramText): HistogramText[] {
  const all = [...texts, text];
  return all.length < MAX_TEXTS ? all : [writeHistogram(mergeHistograms(all))];
}

const withLatencies = (
  measured: Latencies,
  { intended, actual, sendLag }: NonNullable<Sample['intervalLatency']>,
): Latencies => ({
  intended: withOne(measured.intended, intended),
  actual: withOne(measured.actual, actual),
  sendLag: withOne(measured.sendLag, sendLag),
});

function countsOf({ fleet, server }: Sample): Counts {
  if (fleet === undefined) return { ...NOTHING, errors: server?.errors ?? {} };
  const { slowReaders } = fleet.sessions;
  const { load, busySeconds } = fleet.measured;
  const waitsOnPurpose = slowReaders > 0;
  return { load, errors: fleet.errors, busySeconds, waitsOnPurpose, inFlight: inFlight(load) };
}

function since(later: Counts, earlier: Counts, everySeconds: number): Counts {
  const { waitsOnPurpose } = later;
  const load = loadSince(later.load, earlier.load);
  return {
    load: waitsOnPurpose ? ended(load) : withWaiting(load, everySeconds),
    errors: countsSince('errors', later.errors, earlier.errors),
    busySeconds: later.busySeconds - earlier.busySeconds,
    waitsOnPurpose,
    inFlight: waitsOnPurpose ? 0 : Math.min(earlier.inFlight, later.inFlight),
  };
}

const inFlight = ({ sent, echoed, unanswered, reset }: Load) => sent - echoed - unanswered - reset;

/** Messages that were sent or can be sent no more, at whatever time they were due. */
function ended(load: Load): Load {
  return { ...load, due: load.sent + unsentOf(load), afterEnd: 0 };
}

/**
 * By so many more messages than at its start waited for room at the end of a window: at least so
 * many of its own. Which of them were due in the last tenth of a second is not known.
 */
function withWaiting(load: Load, everySeconds: number): Load {
  const settled = ended(load);
  const more = Math.max(0, load.due - settled.due);
  const inTime = Math.ceil((load.due * IN_TIME_SECONDS) / everySeconds);
  return {
    ...settled,
    due: settled.due + more,
    sent: settled.sent + more,
    afterEnd: Math.max(0, more - inTime),
  };
}
