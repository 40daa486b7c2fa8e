import { binomialDistribution, max, median, min, sum } from 'simple-statistics';

/** Agents' telemetry: off, to a receiver that accepts it, or to an unreachable one. */
export const MODES = ['off', 'on', 'away'] as const;
export type Mode = (typeof MODES)[number];

export interface Measured {
  echoesPerSecond: number;
  /** Share of a core, 0 to 1, that an agent and its host used for anything except echoes. */
  overheadCpu: number;
}

/** The results of all modes, run one after the other. */
export type Round = Record<Mode, Measured>;

const LEVEL = 0.95;
export const MAX_COST = 0.02;

/** Echo rate relative to the mode without telemetry, per round. */
export interface Cost {
  ratio: number;
  /** Interval that contains the median with at least 95 % confidence; null: too few rounds. */
  interval: [number, number] | null;
  word: 'within' | 'beyond' | 'undecided';
}

/** The order of a round's runs. It rotates, so that no mode is always first. */
export function orderOf(round: number): Mode[] {
  return MODES.map((_, index) => MODES[(round + index) % MODES.length] ?? 'off');
}

/**
 * The narrowest pair of order statistics that contains the median with 95 % confidence. Assumes
 * only that rounds are independent. Null for fewer than six values.
 */
export function medianInterval(values: readonly number[]): [number, number] | null {
  const sorted = values.toSorted((a, b) => a - b);
  // The probability that the median lies below the value at `rank` is that of at most `rank` heads.
  const heads = binomialDistribution(Math.max(1, sorted.length), 0.5);
  let below = 0;
  let rank = -1;
  for (const chance of heads ?? []) {
    below += chance;
    if (2 * below > 1 - LEVEL) break;
    rank += 1;
  }
  const [low, high] = [sorted[rank], sorted[sorted.length - 1 - rank]];
  return rank < 0 || low === undefined || high === undefined ? null : [low, high];
}

export function costOf(rounds: readonly Round[], mode: Mode): Cost {
  const ratios = rounds.map((round) => round[mode].echoesPerSecond / round.off.echoesPerSecond);
  const interval = medianInterval(ratios);
  return { ratio: median(ratios), interval, word: wordOf(interval) };
}

interface CpuTimes {
  userSeconds: number;
  kernelSeconds: number;
}

/** CPU times of a host process and its native threads. */
interface HostTimes {
  process: CpuTimes;
  threads: readonly CpuTimes[];
}

/** Share of a core, 0 to 1, that a host's non-native threads used during the measurement. */
export function hostOverhead({
  measuredSeconds,
  figures: { measureStart, measureEnd },
}: {
  measuredSeconds: number;
  figures: { measureStart: HostTimes; measureEnd: HostTimes };
}): number {
  return (besideSeconds(measureEnd) - besideSeconds(measureStart)) / measuredSeconds;
}

const besideSeconds = ({ process, threads }: HostTimes) =>
  cpuSeconds(process) - sum(threads.map(cpuSeconds));

const cpuSeconds = ({ userSeconds, kernelSeconds }: CpuTimes) => userSeconds + kernelSeconds;

/** The overhead in excess of that without telemetry, per round. */
export function moreCpuOf(rounds: readonly Round[], mode: Mode) {
  const more = rounds.map((round) => round[mode].overheadCpu - round.off.overheadCpu);
  return { more: median(more), interval: medianInterval(more) };
}

function wordOf(interval: Cost['interval']): Cost['word'] {
  if (interval === null) return 'undecided';
  const [low, high] = interval;
  if (low >= 1 - MAX_COST) return 'within';
  return high < 1 - MAX_COST ? 'beyond' : 'undecided';
}

export function spreadOf(rounds: readonly Round[], mode: Mode) {
  const rates = rounds.map((round) => round[mode].echoesPerSecond);
  return { median: median(rates), low: min(rates), high: max(rates) };
}
