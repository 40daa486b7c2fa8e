import { type FleetResult, mergeHistograms, summarise } from '@oversoak/contracts';

/** What happened to the messages that were due in one window of the measurement. */
export interface RunWindow {
  startSeconds: number;
  endSeconds: number;
  /** From the intended send time; null when nothing was due. */
  p99Us: number | null;
  echoesPerSecond: number;
}

export interface RunWindows {
  windows: RunWindow[];
  /** Number of windows that are missing from a fleet because it slept through their end. */
  leftOut: number;
}

/** Merges the fleets' windows that have the same times in all of them. */
export function runWindows(fleets: readonly FleetResult[]): RunWindows {
  const [first, ...others] = fleets.map(
    ({ series }) => new Map(series.windows.map((window) => [spanOf(window), window])),
  );
  const spans = new Set(fleets.flatMap(({ series }) => series.windows.map(spanOf)));
  const windows = [...(first ?? [])].flatMap(([span, window]) => {
    const parts = [window, ...others.flatMap((fleet) => fleet.get(span) ?? [])];
    if (parts.length < fleets.length) return [];
    const { startSeconds, endSeconds } = window;
    const echoed = parts.reduce((sum, part) => sum + part.load.echoed, 0);
    return {
      startSeconds,
      endSeconds,
      p99Us: summarise(mergeHistograms(parts.map(({ intended }) => intended))).p99Us,
      echoesPerSecond: echoed / (endSeconds - startSeconds),
    };
  });
  return { windows, leftOut: spans.size - windows.length };
}

function spanOf({ startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }) {
  return `${startSeconds} ${endSeconds}`;
}
