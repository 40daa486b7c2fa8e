import {
  addLoads,
  type ErrorClass,
  type FleetWindow,
  type Load,
  mergeHistograms,
  type RunResult,
  type ServerWindow,
} from '@oversoak/contracts';
import { behindOthers } from './behind-others.ts';
import { addedUp, type Histogram, NO_ERRORS } from './figures.ts';
import { sum } from './pooled.ts';

/** All members plan the same boundaries; their sums may differ by rounding only. */
const HAIR_SECONDS = 0.001;

/** A stretch of the measurement, merged over the gang. */
export interface Stretch {
  startSeconds: number;
  endSeconds: number;
  /** Load of the messages that were due in it. */
  load: Load;
  /** Raw counts, including connections that the fleets reset on purpose. */
  errors: Record<ErrorClass, number>;
  /** Share of it in which the busiest thread of any fleet had work. */
  busyPercent: number;
  /** Messages that another fleet can have delayed. */
  behindOthers: number;
  /** From the intended send time, merged over the fleets by counts; each call builds a new one. */
  latency(): Histogram;
}

interface Series {
  windows: readonly { startSeconds: number; endSeconds: number }[];
}

type Figures = Pick<RunResult, 'server' | 'fleets'>;

const same = (a: number, b: number) => Math.abs(a - b) < HAIR_SECONDS;

/** Window ends shared by all members, in order: data between two of them is complete. */
export function commonEnds(series: readonly Series[]): number[] {
  const [first, ...others] = series.map(({ windows }) => windows);
  const known = others.map((windows) => new Set(windows.map((each) => inHairs(each.endSeconds))));
  return (first ?? [])
    .map(({ endSeconds }) => endSeconds)
    .filter((end) =>
      known.every((ends) => [-1, 0, 1].some((hair) => ends.has(inHairs(end) + hair))),
    );
}

const inHairs = (seconds: number) => Math.round(seconds / HAIR_SECONDS);

export function windowsIn<W extends { endSeconds: number }>(
  windows: readonly W[],
  startSeconds: number,
  endSeconds: number,
): W[] {
  return windows.filter(
    (window) =>
      window.endSeconds > startSeconds + HAIR_SECONDS &&
      window.endSeconds < endSeconds + HAIR_SECONDS,
  );
}

/** The windows of all fleets between two common ends. */
export function fleetWindowsIn(
  series: readonly { windows: readonly FleetWindow[] }[],
  startSeconds: number,
  endSeconds: number,
): FleetWindow[] {
  return series.flatMap(({ windows }) => windowsIn(windows, startSeconds, endSeconds));
}

/**
 * The ends of the stretches of about `everySeconds` in which a measurement is judged. A boundary
 * that a stalled member missed is skipped, so the stretch around it is longer. A remainder of at
 * least half the length is its own stretch; a shorter one joins the previous stretch.
 */
export function cutsOf(ends: readonly number[], everySeconds: number): number[] {
  const planned = ends.filter((end) => same(end, Math.round(end / everySeconds) * everySeconds));
  const last = ends.at(-1);
  if (last === undefined || last === planned.at(-1)) return planned;
  const rest = last - (planned.at(-1) ?? 0);
  return rest >= everySeconds / 2 ? [...planned, last] : [...planned.slice(0, -1), last];
}

/** The planned number of stretches, including a remainder of its own. */
export function plannedWindows(
  everySeconds: number,
  { measureSeconds }: Pick<RunResult['spec']['phases'], 'measureSeconds'>,
): number {
  return Math.max(1, Math.round(measureSeconds / everySeconds));
}

/** The part of the measurement that windows of the whole gang cover, in seconds. */
export function coveredSeconds({ server, fleets }: Figures): number {
  return commonEnds(seriesOf({ server, fleets })).at(-1) ?? 0;
}

function seriesOf({ server, fleets }: Figures): Series[] {
  const ofFleets = Object.values(fleets).map(({ series }) => series);
  return server === null ? ofFleets : [...ofFleets, server.series];
}

/** Splits the measurement into stretches of `everySeconds`, a multiple of its window length. */
export function stretchesOf({ server, fleets }: Figures, everySeconds: number): Stretch[] {
  const series = Object.values(fleets).map((fleet) => fleet.series);
  const cuts = cutsOf(commonEnds(seriesOf({ server, fleets })), everySeconds);
  return cuts.map((endSeconds, index) => {
    const startSeconds = cuts[index - 1] ?? 0;
    const ofFleets = series.map(({ windows }) => windowsIn(windows, startSeconds, endSeconds));
    const ofServer = windowsIn(server?.series.windows ?? [], startSeconds, endSeconds);
    return stretch(startSeconds, endSeconds, ofFleets, ofServer);
  });
}

/** Messages that were due in a window and left behind a later end. */
function leftAfter({ startSeconds, endSeconds, leftLater }: FleetWindow, end: number): number {
  const length = endSeconds - startSeconds;
  const after = leftLater.filter(
    ({ windows }) => startSeconds + windows * length > end - HAIR_SECONDS,
  );
  return sum(after.map(({ messages }) => messages));
}

function stretch(
  startSeconds: number,
  endSeconds: number,
  byFleet: readonly (readonly FleetWindow[])[],
  server: readonly ServerWindow[],
): Stretch {
  const fleets = byFleet.flat();
  const busySeconds = byFleet.map((windows) => sum(windows.map((each) => each.busySeconds)));
  const load = addLoads(fleets.map(({ load }) => load));
  return {
    startSeconds,
    endSeconds,
    load: { ...load, afterEnd: sum(fleets.map((window) => leftAfter(window, endSeconds))) },
    errors: { ...NO_ERRORS, ...addedUp([...fleets, ...server].map(({ errors }) => errors)) },
    busyPercent: (100 * Math.max(0, ...busySeconds)) / (endSeconds - startSeconds),
    behindOthers: behindOthers(byFleet.map((windows) => addLoads(windows.map(({ load }) => load)))),
    latency: () => mergeHistograms(fleets.map(({ intended }) => intended)),
  };
}
