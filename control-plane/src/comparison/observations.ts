import { setImmediate as otherWork } from 'node:timers/promises';
import {
  DIFFERENCE_METRICS,
  type DifferenceMetric,
  type FleetWindow,
  mergeHistograms,
  type RunResult,
  type ServerWindow,
  type SoakSpec,
  windowSecondsOf,
} from '@oversoak/contracts';
import { ratio, sum } from '../judge/pooled.ts';

/** Of one run: each metric's values, window by window, in order. */
export type Observations = Record<DifferenceMetric, number[]>;

/** More windows than these tell hardly more and cost time: of one run, and of a cell's repeats. */
const MOST_WINDOWS_OF_RUN = 60;
const MOST_WINDOWS_OF_CELL = 480;
const LEAST_WINDOWS_OF_RUN = 8;

/** In a window of fewer echoes the p99 is just the largest, and grows with their number. */
const LEAST_ECHOES = 100;

/** A window that is cut off, or that not every fleet lived through, counts for nothing. */
const LEAST_SHARE = 0.9;

/**
 * The window length at which runs of these specs are compared, in seconds: the same for all, since
 * a percentile depends on how much it is taken of; a multiple of the windows that agents keep.
 */
export function sharedWindowSeconds(specs: readonly SoakSpec[]): number {
  const kept = Math.max(...specs.map(({ phases }) => windowSecondsOf(phases.measureSeconds)));
  const wanted = specs.map(({ phases, workload, repeats }) => {
    const share = Math.floor(MOST_WINDOWS_OF_CELL / repeats);
    const most = Math.min(MOST_WINDOWS_OF_RUN, Math.max(LEAST_WINDOWS_OF_RUN, share));
    // The echoes of a closed loop come as fast as they can.
    const rate = workload.ratePerSecond ?? Number.POSITIVE_INFINITY;
    return Math.max(phases.measureSeconds / most, LEAST_ECHOES / rate);
  });
  return Math.ceil(Math.max(kept, ...wanted) / kept) * kept;
}

const lengthOf = (windows: readonly { startSeconds: number; endSeconds: number }[]) =>
  sum(windows.map(({ startSeconds, endSeconds }) => endSeconds - startSeconds));

/** Windows by the longer one that their middle lies in. */
function slots<W extends FleetWindow | ServerWindow>(windows: readonly W[], seconds: number) {
  const inSlot = ({ startSeconds, endSeconds }: W) =>
    Math.floor((startSeconds + endSeconds) / 2 / seconds);
  return Map.groupBy(windows, inSlot);
}

/** What all fleets saw in the same slot: counts added up, percentiles of the merged histogram. */
function fleetValues(fleets: readonly FleetWindow[][]) {
  const merged = mergeHistograms(fleets.flat().map(({ intended }) => intended));
  const percentileUs = (percentile: number) =>
    merged.totalCount === 0 ? null : merged.getValueAtPercentile(percentile) / 1000;
  const rates = fleets.map(
    (windows) => sum(windows.map(({ load }) => load.sent)) / lengthOf(windows),
  );
  return {
    'echo.latency.p50': percentileUs(50),
    'echo.latency.p99': percentileUs(99),
    'achieved.rate': sum(rates),
  };
}

/** What a process gained may be nothing or less (the system took memory back), which has no ratio. */
const aboveZero = (value: number | null | undefined) => ((value ?? 0) > 0 ? (value ?? null) : null);

function serverValues(windows: readonly ServerWindow[]) {
  const total = (count: (window: ServerWindow) => number) => sum(windows.map(count));
  return {
    serverCpuSecondsPer1000Echoes: ratio(
      total(({ cpuSeconds }) => cpuSeconds) * 1000,
      total(({ echoed }) => echoed),
    ),
    serverWorkingSet: aboveZero(windows.at(-1)?.own.workingSetBytes),
  };
}

/**
 * A run's values in windows of `seconds`; a metric that the run has no figure of has none. The
 * histograms of a long run take seconds to read: others get their turn after each window.
 */
export async function observe(
  { server, fleets }: Pick<RunResult, 'server' | 'fleets'>,
  seconds: number,
): Promise<Observations> {
  const whole = <W extends FleetWindow | ServerWindow>(windows: W[] | undefined) =>
    windows !== undefined && lengthOf(windows) >= LEAST_SHARE * seconds;
  const bySlot = Object.values(fleets).map(({ series }) => slots(series.windows, seconds));
  const ofFleets: ReturnType<typeof fleetValues>[] = [];
  for (const slot of bySlot[0]?.keys() ?? []) {
    const parts = bySlot.map((of) => of.get(slot) ?? []);
    if (parts.every(whole)) ofFleets.push(fleetValues(parts));
    await otherWork();
  }
  const ofServer = [...slots(server?.series.windows ?? [], seconds).values()]
    .filter(whole)
    .map(serverValues);
  const values = [...ofFleets, ...ofServer] as Partial<Record<DifferenceMetric, number | null>>[];
  const known = (metric: DifferenceMetric) =>
    values.map((of) => of[metric]).filter((value) => value !== null && value !== undefined);
  return Object.fromEntries(
    (Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[]).map((name) => [name, known(name)]),
  ) as Observations;
}
