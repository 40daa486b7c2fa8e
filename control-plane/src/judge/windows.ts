import {
  addLoads,
  type ErrorClass,
  type FleetWindow,
  type Load,
  mergeHistograms,
  type RunResult,
  type ServerWindow,
} from '@oversoak/contracts';
import { addedUp, type Histogram, NO_ERRORS } from './figures.ts';

/** Boundaries are planned alike by every part of a gang; only their sums may differ by rounding. */
const HAIR_SECONDS = 0.001;

/** A stretch of the measurement, taken together over the gang. */
export interface Stretch {
  startSeconds: number;
  endSeconds: number;
  /** Of the messages that were due in it. */
  load: Load;
  /** As counted, with the resets that fleets meant. */
  errors: Record<ErrorClass, number>;
  /** From the intended send time, merged over the fleets by counts; made anew by each call. */
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

function within<W extends { endSeconds: number }>(
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
  return series.flatMap(({ windows }) => within(windows, startSeconds, endSeconds));
}

/**
 * Where a measurement is cut to be judged every so many seconds. A boundary that somebody slept
 * through is none, so that the stretch around it is longer. A rest at the end is a stretch of its
 * own from half the length on, and else belongs to the one before.
 */
export function cutsOf(ends: readonly number[], everySeconds: number): number[] {
  const planned = ends.filter((end) => same(end, Math.round(end / everySeconds) * everySeconds));
  const last = ends.at(-1);
  if (last === undefined || last === planned.at(-1)) return planned;
  const rest = last - (planned.at(-1) ?? 0);
  return rest >= everySeconds / 2 ? [...planned, last] : [...planned.slice(0, -1), last];
}

/** How many stretches a measurement is meant to be cut into, with a rest that stands alone. */
export function plannedWindows(
  everySeconds: number,
  { measureSeconds }: Pick<RunResult['spec']['phases'], 'measureSeconds'>,
): number {
  return Math.max(1, Math.round(measureSeconds / everySeconds));
}

/** How far into the measurement the windows of the whole gang reach, in seconds. */
export function coveredSeconds({ server, fleets }: Figures): number {
  return commonEnds(seriesOf({ server, fleets })).at(-1) ?? 0;
}

function seriesOf({ server, fleets }: Figures): Series[] {
  const ofFleets = Object.values(fleets).map(({ series }) => series);
  return server === null ? ofFleets : [...ofFleets, server.series];
}

/** The measurement in stretches of `everySeconds`, a multiple of its windows. */
export function stretchesOf({ server, fleets }: Figures, everySeconds: number): Stretch[] {
  const series = Object.values(fleets).map((fleet) => fleet.series);
  const cuts = cutsOf(commonEnds(seriesOf({ server, fleets })), everySeconds);
  return cuts.map((endSeconds, index) => {
    const startSeconds = cuts[index - 1] ?? 0;
    const ofFleets = fleetWindowsIn(series, startSeconds, endSeconds);
    const ofServer = within(server?.series.windows ?? [], startSeconds, endSeconds);
    return stretch(startSeconds, endSeconds, ofFleets, ofServer);
  });
}

function stretch(
  startSeconds: number,
  endSeconds: number,
  fleets: readonly FleetWindow[],
  server: readonly ServerWindow[],
): Stretch {
  return {
    startSeconds,
    endSeconds,
    load: addLoads(fleets.map(({ load }) => load)),
    errors: { ...NO_ERRORS, ...addedUp([...fleets, ...server].map(({ errors }) => errors)) },
    latency: () => mergeHistograms(fleets.map(({ intended }) => intended)),
  };
}
