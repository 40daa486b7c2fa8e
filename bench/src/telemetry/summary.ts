import { binomialDistribution, max, median, min, sum } from 'simple-statistics';

/** What agents tell: nothing, to a receiver that takes it, to one that is not there. */
export const MODES = ['off', 'on', 'away'] as const;
export type Mode = (typeof MODES)[number];

export interface Measured {
  echoesPerSecond: number;
  /** Of its core, what an agent and its host took that served no echo; 0 to 1. */
  overheadCpu: number;
}

/** What each mode did, one run after the other. */
export type Round = Record<Mode, Measured>;

const LEVEL = 0.95;
export const MAX_COST = 0.02;

/** What a mode has of the echoes without telemetry, each taken within a round. */
export interface Cost {
  ratio: number;
  /** Where the median lies at 95 % or a little more; null: too few rounds. */
  interval: [number, number] | null;
  word: 'within' | 'beyond' | 'cannot tell';
}

/** The order of a round's runs: another mode begins each, so that none is always the first. */
export function orderOf(round: number): Mode[] {
  return MODES.map((_, index) => MODES[(round + index) % MODES.length] ?? 'off');
}

/**
 * The narrowest pair of order statistics that holds the median at 95 %: it asks for nothing but
 * rounds that do not hang together. Null below six values.
 */
export function medianInterval(values: readonly number[]): [number, number] | null {
  const sorted = values.toSorted((a, b) => a - b);
  // The chance that the median lies below the value at `rank` is that of so few heads.
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

/** A host process and its native threads. */
interface HostTimes {
  process: CpuTimes;
  threads: readonly CpuTimes[];
}

/** Of its core, what a host's threads beside the native ones took while it measured; 0 to 1. */
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

/** The overhead beyond that without telemetry, within a round. */
export function moreCpuOf(rounds: readonly Round[], mode: Mode) {
  const more = rounds.map((round) => round[mode].overheadCpu - round.off.overheadCpu);
  return { more: median(more), interval: medianInterval(more) };
}

function wordOf(interval: Cost['interval']): Cost['word'] {
  if (interval === null) return 'cannot tell';
  const [low, high] = interval;
  if (low >= 1 - MAX_COST) return 'within';
  return high < 1 - MAX_COST ? 'beyond' : 'cannot tell';
}

export function spreadOf(rounds: readonly Round[], mode: Mode) {
  const rates = rounds.map((round) => round[mode].echoesPerSecond);
  return { median: median(rates), low: min(rates), high: max(rates) };
}
