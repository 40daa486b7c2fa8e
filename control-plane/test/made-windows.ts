import {
  emptyHistogram,
  FLEET_ERROR_CLASSES,
  type FleetResult,
  type FleetWindow,
  type RunResult,
  SERVER_ERROR_CLASSES,
  type ServerResult,
  type ServerWindow,
  writeHistogram,
} from '@oversoak/contracts';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { fleetResult, madeLoad, madeResult, serverResult } from './made-figures.ts';

const MS = 1_000_000;

export type Random = () => number;

/** The same numbers for the same seed. */
export function seeded(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** Standard normal, by Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Windows of one run: `deviation` of their logarithms, of which a share `carried` comes from the
 * window before, around a median that is `e^offset` times 1,000.
 */
export function madeSeries(
  random: Random,
  { windows = 30, deviation = 0.2, carried = 0.3, offset = 0 } = {},
): number[] {
  let at = normal(random);
  return Array.from({ length: windows }, () => {
    at = carried * at + Math.sqrt(1 - carried ** 2) * normal(random);
    return 1000 * Math.exp(offset + deviation * at);
  });
}

const zeroes = <C extends object>(classes: C) =>
  Object.fromEntries(Object.keys(classes).map((name) => [name, 0])) as Record<keyof C, number>;

const processFigures = {
  workingSetBytes: 50_000_000,
  privateBytes: null,
  handles: null,
  threads: 8,
};

const ownFigures = { ...processFigures, threads: 2 };

/** Latencies of `count` echoes from half to twice the median, the slowest hundredth ten times it. */
function latencies(count: number, medianMs: number): string {
  const made = emptyHistogram();
  for (let echo = 0; echo < count; echo++) {
    const share = (echo + 0.5) / count;
    const factor = share > 0.99 ? 10 : 2 ** (2 * share - 1);
    made.recordValue(Math.round(medianMs * factor * MS));
  }
  return writeHistogram(made);
}

export function fleetWindow(index: number, changes: Partial<FleetWindow> = {}): FleetWindow {
  return {
    startSeconds: index,
    endSeconds: index + 1,
    intended: latencies(100, 2),
    load: madeLoad(100),
    errors: zeroes(FLEET_ERROR_CLASSES),
    ...changes,
  };
}

export function serverWindow(index: number, changes: Partial<ServerWindow> = {}): ServerWindow {
  return {
    startSeconds: index,
    endSeconds: index + 1,
    echoed: 100,
    cpuSeconds: 0.02,
    sessions: 10,
    queueDepthMean: null,
    errors: zeroes(SERVER_ERROR_CLASSES),
    own: ownFigures,
    ...changes,
  };
}

export function withFleetWindows(windows: FleetWindow[], result = fleetResult()): FleetResult {
  return { ...result, series: { windowSeconds: 1, windows } };
}

export function withServerWindows(windows: ServerWindow[], result = serverResult()): ServerResult {
  return { ...result, series: { windowSeconds: 1, windows } };
}

/** A run whose windows have these median latencies, one second each. */
export function windowedResult(
  mediansMs: readonly number[],
  changes: Partial<RunResult> = {},
): RunResult {
  return madeResult({
    server: withServerWindows(mediansMs.map((_, index) => serverWindow(index))),
    fleets: {
      'agent-b': withFleetWindows(
        mediansMs.map((medianMs, index) =>
          fleetWindow(index, { intended: latencies(100, medianMs) }),
        ),
      ),
    },
    ...changes,
  });
}
